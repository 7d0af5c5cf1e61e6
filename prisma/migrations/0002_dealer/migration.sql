-- Runs with a dealer: what it spent, and what it sent for each operation.
-- AlterTable
ALTER TABLE "operation_totals" ADD COLUMN     "dealer_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "predicted_dealer_bytes" BIGINT;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "dealer" JSONB;
