-- What an operation holds in memory, how far each place lies from float64, and logits of float64 with the run's approximations.
ALTER TABLE "operation_totals" ADD COLUMN "peak_rss_bytes" BIGINT;
ALTER TABLE "runs" ADD COLUMN "place_errors" JSONB;
ALTER TABLE "samples" ADD COLUMN "approximated_logits" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[];
