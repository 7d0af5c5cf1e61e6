-- What an operation takes at its place when the recorded inferences are replayed on the asked link,
-- every role on a machine of its own. Null for runs that were not recorded.
ALTER TABLE "operation_totals" ADD COLUMN "replayed_compute_ms" DOUBLE PRECISION;
ALTER TABLE "operation_totals" ADD COLUMN "replayed_wait_ms" DOUBLE PRECISION;
