-- The first schema: specs, runs and what a run leaves, permalinks. Tables are explained in prisma/schema.prisma.
-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('queued', 'preparing', 'linkCheck', 'running', 'scoring', 'done', 'failed', 'cancelled', 'lost');

-- CreateEnum
CREATE TYPE "run_origin" AS ENUM ('web', 'cli', 'first-start');

-- CreateEnum
CREATE TYPE "phase" AS ENUM ('setup', 'offline', 'online');

-- CreateEnum
CREATE TYPE "permalink_kind" AS ENUM ('run');

-- CreateTable
CREATE TABLE "specs" (
    "hash" TEXT NOT NULL,
    "canonical" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "specs_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL,
    "spec_hash" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'queued',
    "origin" "run_origin" NOT NULL,
    "provenance" TEXT NOT NULL DEFAULT 'measured',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "yield_requested_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claim_id" TEXT,
    "reason" TEXT,
    "headline" JSONB,
    "prediction" JSONB,
    "labels" TEXT[],
    "reveals" JSONB,
    "environment" JSONB,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repeats" (
    "run_id" TEXT NOT NULL,
    "repeat" INTEGER NOT NULL,
    "batch" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "online_ms" DOUBLE PRECISION NOT NULL,
    "offline_ms" DOUBLE PRECISION NOT NULL,
    "rounds" INTEGER NOT NULL,
    "online_bytes" BIGINT NOT NULL,
    "offline_bytes" BIGINT NOT NULL,

    CONSTRAINT "repeats_pkey" PRIMARY KEY ("run_id","repeat","batch")
);

-- CreateTable
CREATE TABLE "party_totals" (
    "run_id" TEXT NOT NULL,
    "party" INTEGER NOT NULL,
    "bytes_sent" BIGINT NOT NULL,
    "frame_bytes_sent" BIGINT NOT NULL,
    "frames_sent" BIGINT NOT NULL,
    "rounds" INTEGER NOT NULL,
    "compute_ms" DOUBLE PRECISION NOT NULL,
    "wait_ms" DOUBLE PRECISION NOT NULL,
    "cpu_ms" DOUBLE PRECISION NOT NULL,
    "peak_rss_bytes" BIGINT NOT NULL,
    "frames_late" BIGINT NOT NULL,
    "frames_received" BIGINT NOT NULL,
    "worst_late_ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "party_totals_pkey" PRIMARY KEY ("run_id","party")
);

-- CreateTable
CREATE TABLE "operation_totals" (
    "run_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "op" TEXT NOT NULL,
    "phase" "phase" NOT NULL,
    "calls" INTEGER NOT NULL,
    "elements" BIGINT NOT NULL,
    "bytes_sent" BIGINT[],
    "predicted_bytes_sent" BIGINT[],
    "compute_ms" DOUBLE PRECISION NOT NULL,
    "wait_ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "operation_totals_pkey" PRIMARY KEY ("run_id","ordinal")
);

-- CreateTable
CREATE TABLE "link_certificates" (
    "run_id" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reasons" TEXT[],
    "asked_bits_per_second" DOUBLE PRECISION NOT NULL,
    "asked_rtt_ms" DOUBLE PRECISION NOT NULL,
    "pairs" JSONB NOT NULL,
    "tolerance" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_certificates_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "run_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "path" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("run_id","name")
);

-- CreateTable
CREATE TABLE "events" (
    "run_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "samples" (
    "run_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "sample_id" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,
    "label" INTEGER NOT NULL,
    "plaintext_logits" DOUBLE PRECISION[],
    "clear_logits" DOUBLE PRECISION[],
    "secure_logits" DOUBLE PRECISION[],

    CONSTRAINT "samples_pkey" PRIMARY KEY ("run_id","position")
);

-- CreateTable
CREATE TABLE "permalinks" (
    "slug" TEXT NOT NULL,
    "kind" "permalink_kind" NOT NULL,
    "run_id" TEXT,
    "snapshot" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "permalinks_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "run_id" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "runs_state_created_at_idx" ON "runs"("state", "created_at");

-- CreateIndex
CREATE INDEX "runs_spec_hash_idx" ON "runs"("spec_hash");

-- CreateIndex
CREATE INDEX "runs_created_at_idx" ON "runs"("created_at");

-- CreateIndex
CREATE INDEX "permalinks_run_id_idx" ON "permalinks"("run_id");

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_spec_hash_fkey" FOREIGN KEY ("spec_hash") REFERENCES "specs"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repeats" ADD CONSTRAINT "repeats_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "party_totals" ADD CONSTRAINT "party_totals_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operation_totals" ADD CONSTRAINT "operation_totals_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_certificates" ADD CONSTRAINT "link_certificates_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "samples" ADD CONSTRAINT "samples_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permalinks" ADD CONSTRAINT "permalinks_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;


