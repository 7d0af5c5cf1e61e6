/**
 * A server on this machine that answers as the Hub does, for tests: what a revision is, which files it has,
 * and their bytes by range. It can break a line, refuse ranges and lie, and it counts what it was asked.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Files = ReadonlyMap<string, string | Uint8Array>;

export interface Repository {
  /** `models` or `datasets`, as in the Hub's paths. */
  readonly kind: 'models' | 'datasets';
  readonly id: string;
  /** Files by revision. */
  readonly revisions: Readonly<Record<string, Files>>;
}

const commitOf = (revision: string): string =>
  /^[0-9a-f]{40}$/.test(revision) ? revision : createHash('sha1').update(revision).digest('hex');

const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content);

const gitHash = (bytes: Buffer): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

export class HubServer {
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #repositories: readonly Repository[];
  /** Of every request, with its range. */
  readonly asked: string[] = [];
  /** Closes the connection after so many bytes of a file's content, once. */
  breakAfter: number | null = null;
  ignoresRanges = false;
  /** Served in place of the listed bytes. */
  readonly lies = new Map<string, Uint8Array>();
  /** Ids that ask for a token. */
  readonly gated = new Set<string>();

  constructor(repositories: readonly Repository[]) {
    this.#repositories = repositories;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
    const { range, authorization } = request.headers;
    this.asked.push(range === undefined ? path : `${path} ${range}`);
    for (const repository of this.#repositories) {
      const { kind, id, revisions } = repository;
      const needsToken = this.gated.has(id) && authorization === undefined;
      const resolvePath = `${kind === 'datasets' ? '/datasets' : ''}/${id}/resolve/`;
      for (const [revision, files] of Object.entries(revisions)) {
        const commit = commitOf(revision);
        if (path === `/api/${kind}/${id}/revision/${revision}`) {
          if (needsToken) return json(response, 401, { error: 'Restricted' });
          return json(response, 200, {
            _id: '1',
            id,
            sha: commit,
            lastModified: '2026-01-01',
          });
        }
        if (path === `/api/${kind}/${id}/tree/${commit}`) {
          return json(response, 200, [...files].map(listed));
        }
        const content = files.get(path.slice(`${resolvePath}${commit}/`.length));
        if (path.startsWith(`${resolvePath}${commit}/`) && content !== undefined) {
          return this.#send(
            response,
            this.lies.get(path.split('/').at(-1) ?? '') ?? bytesOf(content),
            range,
          );
        }
      }
    }
    json(response, 404, { error: 'Not found' });
  }

  #send(response: ServerResponse, bytes: Uint8Array, range: string | undefined): void {
    const [, from] = /^bytes=(\d+)-/.exec(range ?? '') ?? [];
    const start = this.ignoresRanges || from === undefined ? 0 : Number(from);
    const partial = start > 0;
    response.writeHead(partial ? 206 : 200, {
      'content-length': bytes.length - start,
      ...(partial ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const rest = bytes.subarray(start);
    if (this.breakAfter === null || rest.length <= this.breakAfter) return void response.end(rest);
    const some = rest.subarray(0, this.breakAfter);
    this.breakAfter = null;
    // The bytes have left before the line breaks.
    response.write(some, () => setTimeout(() => response.destroy(), 50));
  }
}

/** Large files are listed by their SHA-256, small ones by git's hash. */
function listed([path, content]: readonly [string, string | Uint8Array]): object {
  const bytes = bytesOf(content);
  const entry = { type: 'file', path, size: bytes.length, oid: gitHash(bytes) };
  if (!path.endsWith('.safetensors')) return entry;
  const oid = createHash('sha256').update(bytes).digest('hex');
  return { ...entry, lfs: { oid, size: bytes.length, pointerSize: 130 } };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
