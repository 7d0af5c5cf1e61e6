-- Networks that somebody saved under a name of their own.
CREATE TABLE "saved_networks" (
    "name" TEXT NOT NULL,
    "network" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_networks_pkey" PRIMARY KEY ("name")
);
