-- Two runs that do not fit into a host together are never claimed there at the same time.
ALTER TABLE "runs" ADD COLUMN "memory_bytes" BIGINT;
ALTER TABLE "runs" ADD COLUMN "host" TEXT;
