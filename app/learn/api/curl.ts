/** A command that asks one path of the REST interface, ready to be pasted into a shell. */
interface Asked {
  readonly method: string;
  readonly path: string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A body that shows the form; a spec comes from a file, since it is longer than a line. */
export const exampleBody = (operationId: string): string =>
  operationId === 'publish' ? '{"run": "RUN_ID"}' : '@spec.json';

/** @param body JSON, or `@file`; null where the path takes none */
export function curlOf(origin: string, { method, path }: Asked, body: string | null): string {
  const address = `${origin}/api/v1${path.replaceAll('{id}', 'RUN_ID').replaceAll('{slug}', 'SLUG')}`;
  return [
    'curl -s',
    ...(method === 'get' ? [] : [`-X ${method.toUpperCase()}`]),
    ...(path.endsWith('/events') ? ['-N'] : []),
    quoted(address),
    ...(body === null
      ? []
      : [`-H ${quoted('Content-Type: application/json')}`, `-d ${quoted(body)}`]),
  ].join(' ');
}
