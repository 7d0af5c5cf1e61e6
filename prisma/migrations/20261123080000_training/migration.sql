-- Trainings: a student that is distilled, or attention that is searched, from the queue to its models.
CREATE TABLE "trainings" (
    "id" TEXT NOT NULL,
    "recipe" JSONB NOT NULL,
    "recipe_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "claim_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "price" JSONB,
    "progress" JSONB,
    "curve" JSONB NOT NULL DEFAULT '[]',
    "product" JSONB,
    CONSTRAINT "trainings_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "trainings_state_idx" ON "trainings"("state");
