/** As much of an OpenAPI document as a page needs to show it. Browser-safe. */
import { z } from 'zod';

const contentSchema = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));

const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string().optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean(),
        description: z.string().optional(),
        schema: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: contentSchema })),
});

export const openApiSchema = z.object({
  openapi: z.string(),
  info: z.object({ version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

export type OpenApi = z.infer<typeof openApiSchema>;
export type OpenApiOperation = z.infer<typeof operationSchema>;
