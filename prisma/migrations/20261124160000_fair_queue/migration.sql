-- Whose turn it is: levels, and within a level start-time fair queueing between users.
ALTER TABLE "runs" ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "runs" ADD COLUMN "turn" DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE "runs" ADD COLUMN "turn_end" DOUBLE PRECISION NOT NULL DEFAULT 0;
CREATE INDEX "runs_priority_turn_idx" ON "runs" ("priority", "turn");
CREATE INDEX "runs_created_by_priority_turn_end_idx" ON "runs" ("created_by", "priority", "turn_end");
