/**
 * The direction of imports: app -> server/api -> server/<feature> -> server/engine. The engine knows
 * no web, no database and no npm package; protocol folders do not know each other; models name no
 * protocol; the top level is the one of the design. This test reads the sources, so it is sure.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sourceFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter(
      (file) => /^(app|server)\/.*\.(ts|tsx|mjs)$/.test(file) && existsSync(join(root, file)),
    );
}

/** Imports of one file; relative ones resolved to a path from the root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?from\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? '';
    const target = specifier.startsWith('.')
      ? normalize(join(dirname(file), specifier))
      : specifier;
    return { file, target, typeOnly: match[1] !== undefined };
  });
}

const imports = sourceFiles().flatMap(importsOf);
const within = (folder: string) => imports.filter(({ file }) => file.startsWith(folder));
const isPackage = (target: string) =>
  !target.startsWith('server/') && !target.startsWith('app/') && !target.startsWith('benchmarks/');
const show = ({ file, target }: Import) => `${file} -> ${target}`;

describe('arrows', () => {
  test('the engine imports only itself and Node', () => {
    const builtin = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    const wrong = within('server/engine/').filter(
      ({ target }) =>
        !target.startsWith('server/engine/') && !(isPackage(target) && builtin.has(target)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('the network knows of the engine only its channel, clock, timeline, errors and names of roles', () => {
    const wrong = within('server/network/').filter(
      ({ target }) =>
        target.startsWith('server/') &&
        !target.startsWith('server/network/') &&
        !/^server\/engine\/(channel|clock|errors|peer-name|timeline)\.ts$/.test(target),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('protocol folders do not import each other, and only the registry imports them', () => {
    const folder = (path: string) => /^server\/engine\/protocols\/([a-z]+)\//.exec(path)?.[1];
    const wrong = imports.filter(({ file, target }) => {
      const to = folder(target);
      const from = folder(file);
      const door = file === 'server/engine/protocols/registry.ts';
      return to !== undefined && to !== from && !door;
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('models name no protocol, approximations no model', () => {
    const wrong = [
      ...within('server/engine/models/').filter(({ target }) => target.includes('/protocols/')),
      ...within('server/engine/approximations/').filter(({ target }) =>
        target.includes('/models/'),
      ),
    ];
    expect(wrong.map(show)).toEqual([]);
  });

  test('pages reach the server only through schemas and types of server/api', () => {
    const wrong = within('app/').filter(({ file, target, typeOnly }) => {
      if (!target.startsWith('server/')) return false;
      // A route handler is a door of the API.
      if (file.endsWith('/route.ts')) return !target.startsWith('server/api/');
      if (target.startsWith('server/api/schemas/')) return false;
      // The replay runs in the browser: values for its worker, types for whoever shows it.
      const replay =
        target.startsWith('server/network/replay/') || target === 'server/network/link.ts';
      if (replay && (typeOnly || file.startsWith('app/_replay/'))) return false;
      return !(typeOnly && target.startsWith('server/api/'));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('what the browser replays with is browser-safe: nothing of Node, however far it is followed', () => {
    const seen = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { target, typeOnly } of imports.filter((one) => one.file === file)) {
        if (!typeOnly && target.startsWith('server/')) follow(target);
        else if (!typeOnly && target.startsWith('app/_replay/')) follow(target);
        else if (!typeOnly) expect(`${file} -> ${target}`).toBe('no more imports');
      }
    };
    follow('app/_replay/worker.ts');
    expect([...seen]).toContain('server/network/slow-start.ts');
  });

  test('the web process loads no kernels: a bundler cannot, and every answer would be an error', () => {
    const seen = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { target, typeOnly } of imports.filter((one) => one.file === file)) {
        if (!typeOnly) follow(target);
      }
    };
    for (const door of ['root.ts', 'rest/handle-rest.ts', 'handle-export.ts']) {
      follow(`server/api/${door}`);
    }
    expect([...seen].filter((file) => file.startsWith('server/engine/ring/load'))).toEqual([]);
    expect([...seen]).toContain('server/runs/calibration/formula.ts');
  });

  test('schemas are browser-safe: they import only schemas and zod', () => {
    const wrong = within('server/api/schemas/').filter(
      ({ target }) => !target.startsWith('server/api/schemas/') && target !== 'zod',
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('training knows the zoo, the engine and schemas only', () => {
    const wrong = within('server/training/').filter(
      ({ target }) =>
        target.startsWith('app/') ||
        (target.startsWith('server/') &&
          !/^server\/(training|zoo|engine|api\/schemas)\//.test(target)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('features know no web framework and no API', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        /^server\/(accounts|runs|results|compare|papers|zoo|permalinks|network|training|engine|db)\//.test(
          file,
        ) &&
        (/^(next|react|@trpc)(\/|$)/.test(target) ||
          (target.startsWith('server/api/') && !target.startsWith('server/api/schemas/'))),
    );
    expect(wrong.map(show)).toEqual([]);
  });
});

test('the top level holds the folders of the design and single files', () => {
  const folders = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file.includes('/'))
    .map((file) => file.split('/')[0]);
  expect(new Set(folders)).toEqual(
    new Set(['.ci', 'app', 'benchmarks', 'prisma', 'server', 'tests']),
  );
  for (const name of [
    'package.json',
    'next.config.js',
    'README.md',
    'ARCHITECTURE.md',
    'SECURITY.md',
  ]) {
    expect(readdirSync(root)).toContain(name);
  }
});

test('the architecture page names every server folder, and only folders that exist', () => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = [...page.matchAll(/^\| (`[^|]*) \|/gm)]
    .flatMap((row) => [...(row[1] ?? '').matchAll(/`([^`]+)\/`/g)])
    .map((name) => name[1] ?? '');
  for (const folder of named) expect(existsSync(join(root, folder)), folder).toBe(true);
  const folders = ['server', 'server/engine'].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${parent}/${entry.name}`),
  );
  expect(named).toEqual(expect.arrayContaining(folders));
});

test('no source file is longer than 400 lines without saying why', () => {
  const long = sourceFiles().filter((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.length > 400 && !/long because/i.test(lines.slice(0, 20).join('\n'));
  });
  expect(long).toEqual([]);
});
