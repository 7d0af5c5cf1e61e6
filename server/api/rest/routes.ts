/** Every path of the REST interface. */
import { choiceRoutes } from './choices.ts';
import { permalinkRoutes } from './permalinks.ts';
import { resultRoutes } from './results.ts';
import type { Route } from './route.ts';
import { runRoutes } from './runs.ts';
import { sweepRoutes } from './sweeps.ts';

export const routes: readonly Route[] = [
  ...runRoutes,
  ...sweepRoutes,
  ...resultRoutes,
  ...permalinkRoutes,
  ...choiceRoutes,
];

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** A part that cannot be decoded stands for itself: it is no id, and is told so. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Braces take one part of the path; a part that is spelled out wins over one in braces. */
function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split('/');
  const given = path.split('/').map(decoded);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined && part !== value) return null;
    if (name === undefined) continue;
    if (value === '') return null;
    params[name] = value;
  }
  return params;
}

/** Routes of a path, by any method; empty for a path that there is not. */
export function routesAt(path: string): readonly Match[] {
  return routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === null ? [] : [{ route, params }];
  });
}
