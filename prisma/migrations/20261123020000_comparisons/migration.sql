-- Permalinks to comparisons, with a name for the list and a day on which they end by themselves.
ALTER TYPE "permalink_kind" ADD VALUE 'comparison';

ALTER TABLE "permalinks"
  ADD COLUMN "title" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "expires_at" TIMESTAMPTZ(3);
