-- What was expected of a run's latency when it was queued, and the rates that expectations start from.
ALTER TABLE "runs" ADD COLUMN "expected_latency" JSONB;

CREATE TABLE "calibrations" (
    "id" TEXT NOT NULL,
    "machine" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "rates" JSONB NOT NULL,
    "took_ms" DOUBLE PRECISION NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calibrations_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "calibrations_machine_taken_at_idx" ON "calibrations"("machine", "taken_at");
