/** The OpenAPI 3.1 document of the REST interface, made of the routes: what is written is what runs. */
import { z } from 'zod';
import { packageVersion } from '../../runs/environment.ts';
import { runSpecSchema } from '../schemas/run-spec.ts';
import { latencyPredictionSchema } from '../schemas/latency.ts';
import { errorSchema } from './common.ts';
import { isJson, type Route } from './route.ts';
import { detailSchema, eventSchema, rowSchema, summarySchema } from './run-schemas.ts';
import { routes } from './routes.ts';

type Json = Readonly<Record<string, unknown>>;

/** Forms that several paths use, by name. */
const components: Readonly<Record<string, { schema: z.ZodType; io: 'input' | 'output' }>> = {
  RunSpec: { schema: runSpecSchema, io: 'input' },
  Run: { schema: summarySchema, io: 'output' },
  RunRow: { schema: rowSchema, io: 'output' },
  RunDetail: { schema: detailSchema, io: 'output' },
  RunEvent: { schema: eventSchema, io: 'output' },
  LatencyPrediction: { schema: latencyPredictionSchema, io: 'output' },
  Error: { schema: errorSchema, io: 'output' },
};

/** JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return json;
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const name = Object.keys(components).find((key) => components[key]?.schema === schema);
  return name === undefined ? jsonSchema(schema, io) : { $ref: `#/components/schemas/${name}` };
}

function parametersOf(schema: z.ZodObject | null, place: 'path' | 'query'): Json[] {
  if (schema === null) return [];
  const json = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || (json.required ?? []).includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

const refusal = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

function responsesOf({ response, status = 200, refusals = {} }: Route): Json {
  const success = isJson(response)
    ? {
        description: 'Done.',
        content: { 'application/json': { schema: schemaOf(response, 'output') } },
      }
    : {
        description: response.description,
        content: {
          [response.mediaType]: {
            schema: { type: 'string' },
          },
        },
      };
  return {
    [status]: success,
    400: refusal('Something in the request is wrong; `issues` says what and how to mend it.'),
    401: refusal('There are accounts here, and no access key or a wrong one was sent.'),
    403: refusal(
      'Asked under a host name, or from a web page, that is not served here; or role or key do not allow it.',
    ),
    429: refusal('A quota is used up; the message says which, and what to do.'),
    ...Object.fromEntries(
      Object.entries(refusals).map(([code, description]) => [code, refusal(description)]),
    ),
    503: refusal('The database does not answer; try again in a moment.'),
  };
}

function operationOf(route: Route): Json {
  const { id, tag, summary, description, params, query, body } = route;
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: responsesOf(route),
  };
}

function pathsOf(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return paths;
}

let document: Json | undefined;

/** Made once: it is the same for every request. */
export function openApiDocument(): Json {
  document ??= {
    openapi: '3.1.1',
    info: {
      title: 'Parley',
      version: packageVersion(),
      summary: 'Private Transformer inference by secure multi-party computation: real runs.',
      description:
        'Everything that the pages do with runs. Objects may get more fields; none is taken away or changes its meaning within v1. Times are milliseconds, sizes bytes of payload as sent by one party. It answers on the machine itself, and under the names in PARLEY_HOSTS. Where there are accounts (PARLEY_ACCOUNTS=on), send an access key of /account or `parley keys add` as a Bearer token; without accounts none is asked for.',
    },
    servers: [{ url: '/api/v1' }],
    paths: pathsOf(),
    security: [{}, { accessKey: [] }],
    components: {
      securitySchemes: { accessKey: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(
        Object.entries(components).map(([name, { schema, io }]) => [name, jsonSchema(schema, io)]),
      ),
    },
  };
  return document;
}
