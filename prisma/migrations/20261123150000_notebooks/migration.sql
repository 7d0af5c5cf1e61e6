-- Notebooks: each one text in the format of notebook-file.ts, with versions that people named.
ALTER TYPE "permalink_kind" ADD VALUE 'notebook';
CREATE TABLE "notebooks" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "forked_from" TEXT,
    "forked_title" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "notebooks_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "notebook_versions" (
    "notebook_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "notebook_versions_pkey" PRIMARY KEY ("notebook_id", "number")
);
ALTER TABLE "notebook_versions" ADD CONSTRAINT "notebook_versions_notebook_id_fkey" FOREIGN KEY ("notebook_id") REFERENCES "notebooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;
