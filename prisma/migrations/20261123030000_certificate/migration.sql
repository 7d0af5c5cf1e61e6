-- What was measured of the links before and after a run, and the signature over it.
ALTER TABLE "link_certificates"
  ADD COLUMN "document" JSONB,
  ADD COLUMN "envelope" TEXT,
  ADD COLUMN "public_key" TEXT;
