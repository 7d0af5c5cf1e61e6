-- The results table: what it filters and sorts by, what people say about runs, saved views.
ALTER TABLE "specs"
  ADD COLUMN "gelu" TEXT,
  ADD COLUMN "softmax" TEXT,
  ADD COLUMN "samples" INTEGER,
  ADD COLUMN "sequence_length" INTEGER,
  ADD COLUMN "batch_size" INTEGER,
  ADD COLUMN "repeats" INTEGER,
  ADD COLUMN "fraction_bits" INTEGER,
  ADD COLUMN "correlations" TEXT,
  ADD COLUMN "network" TEXT,
  ADD COLUMN "rtt_ms" DOUBLE PRECISION,
  ADD COLUMN "bits_per_second" DOUBLE PRECISION,
  ADD COLUMN "insecure_seed" BOOLEAN;

UPDATE "specs" SET
  "gelu" = s #>> '{approximations,gelu}',
  "softmax" = s #>> '{approximations,softmax}',
  "samples" = (s #>> '{dataset,samples}')::int,
  "sequence_length" = (s ->> 'sequenceLength')::int,
  "batch_size" = (s #>> '{measurement,batchSize}')::int,
  "repeats" = (s #>> '{measurement,repeats}')::int,
  "fraction_bits" = (s #>> '{protocol,ring,fractionBits}')::int,
  "correlations" = CASE WHEN "variant" LIKE 'additive/%'
    THEN coalesce(s #>> '{protocol,correlations}', 'dealer') END,
  "network" = s #>> '{network,name}',
  "rtt_ms" = (s #>> '{network,rttMs}')::float8,
  "bits_per_second" = (s #>> '{network,bitsPerSecond}')::float8,
  "insecure_seed" = s #>> '{seed,kind}' = 'insecure'
FROM (SELECT "hash" AS h, "canonical"::jsonb AS s FROM "specs") AS parsed
WHERE "hash" = h;

ALTER TABLE "specs"
  ALTER COLUMN "gelu" SET NOT NULL,
  ALTER COLUMN "softmax" SET NOT NULL,
  ALTER COLUMN "samples" SET NOT NULL,
  ALTER COLUMN "sequence_length" SET NOT NULL,
  ALTER COLUMN "batch_size" SET NOT NULL,
  ALTER COLUMN "repeats" SET NOT NULL,
  ALTER COLUMN "fraction_bits" SET NOT NULL,
  ALTER COLUMN "network" SET NOT NULL,
  ALTER COLUMN "rtt_ms" SET NOT NULL,
  ALTER COLUMN "bits_per_second" SET NOT NULL,
  ALTER COLUMN "insecure_seed" SET NOT NULL;

ALTER TABLE "runs"
  ADD COLUMN "accuracy" DOUBLE PRECISION,
  ADD COLUMN "plaintext_accuracy" DOUBLE PRECISION,
  ADD COLUMN "online_ms" DOUBLE PRECISION,
  ADD COLUMN "online_ms_per_sample" DOUBLE PRECISION,
  ADD COLUMN "offline_ms" DOUBLE PRECISION,
  ADD COLUMN "total_ms" DOUBLE PRECISION,
  ADD COLUMN "online_bytes" BIGINT,
  ADD COLUMN "total_bytes" BIGINT,
  ADD COLUMN "dealer_bytes" BIGINT,
  ADD COLUMN "rounds" INTEGER,
  ADD COLUMN "peak_rss_bytes" BIGINT,
  ADD COLUMN "unlike_plaintext" INTEGER,
  ADD COLUMN "protocol_error" DOUBLE PRECISION,
  ADD COLUMN "shipped" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "note" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "starred" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "archived_at" TIMESTAMPTZ(3);

-- Views stored before there were dealers lack what a dealer adds: there was none (complete-view.ts).
UPDATE "runs" SET
  "accuracy" = (headline #>> '{accuracy,secure,correct}')::float8
    / nullif((headline #>> '{accuracy,secure,n}')::float8, 0),
  "plaintext_accuracy" = (headline #>> '{accuracy,plaintext,correct}')::float8
    / nullif((headline #>> '{accuracy,plaintext,n}')::float8, 0),
  "online_ms" = (headline #>> '{onlineMs,median}')::float8,
  "online_ms_per_sample" = (headline #>> '{onlineMsPerSample,median}')::float8,
  "offline_ms" = (headline #>> '{offlineMs,median}')::float8,
  "total_ms" = coalesce((headline #>> '{totalMs,median}')::float8,
    (headline #>> '{onlineMs,median}')::float8),
  "online_bytes" = (SELECT max(v::numeric)::bigint
    FROM jsonb_array_elements_text(headline -> 'onlineBytesSent') AS v),
  "total_bytes" = coalesce((headline ->> 'totalBytesSent')::numeric::bigint,
    (SELECT sum(v::numeric)::bigint FROM jsonb_array_elements_text(
      (headline -> 'onlineBytesSent') || (headline -> 'offlineBytesSent')) AS v)),
  "dealer_bytes" = coalesce((headline ->> 'dealerBytes')::numeric::bigint, 0),
  "rounds" = (headline ->> 'rounds')::int,
  "peak_rss_bytes" = (headline ->> 'peakRssBytes')::numeric::bigint,
  "unlike_plaintext" = (headline #>> '{disagreement,withPlaintext}')::int,
  "protocol_error" = (headline #>> '{maxLogitError,protocol}')::float8
WHERE jsonb_typeof(headline) = 'object';

CREATE INDEX "runs_tags_idx" ON "runs" USING GIN ("tags");

CREATE TABLE "saved_views" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "state" JSONB NOT NULL,
  "position" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);
