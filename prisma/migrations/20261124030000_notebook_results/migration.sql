-- Last results of JavaScript cells, for live addresses.
CREATE TABLE "notebook_results" (
    "notebook_id" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "notebook_results_pkey" PRIMARY KEY ("notebook_id", "question")
);
ALTER TABLE "notebook_results" ADD CONSTRAINT "notebook_results_notebook_id_fkey" FOREIGN KEY ("notebook_id") REFERENCES "notebooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;
