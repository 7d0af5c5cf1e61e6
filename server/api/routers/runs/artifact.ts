/** One of a run's files as text; PAYLOAD_TOO_LARGE beyond 20 MB. */
import { readArtifact } from '../../../runs/artifacts.ts';
import { artifactSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const artifact = procedure
  .input(artifactSchema)
  .query(({ ctx, input }) => readArtifact(ctx.connection.db, input.id, input.name));
