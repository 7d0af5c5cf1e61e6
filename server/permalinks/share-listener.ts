/**
 * The second listener of `npm start -- --share HOST:PORT`: published permalinks and nothing else. It has
 * no pages of the workbench, no tRPC and no way to change anything; what it cannot find in the list of
 * live permalinks does not exist. Pages are the self-contained files of server/compare.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { evaluateNotebook } from '../api/schemas/notebook-evaluate.ts';
import { frozenDocument } from '../compare/document.ts';
import { embedHeaders, embedPage } from '../compare/embed-page.ts';
import { NoRasteriser, pictureKind, pngOf, writePicture } from '../compare/picture.ts';
import { documentFormats, writeDocument, type DocumentFormat } from '../compare/write-document.ts';
import { notebookCard } from '../notebooks/card.ts';
import { parseNotebook } from '../notebooks/store.ts';
import { frozenNotebookSuffixes, writeFrozenNotebook } from '../notebooks/frozen.ts';
import { RunError } from '../runs/errors.ts';
import { objectAddress } from './public-url.ts';
import type { PermalinkView } from './read-permalink.ts';

export interface ShareOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** @throws RunError 'notFound' */
  readonly read: (slug: string) => Promise<PermalinkView>;
}

export interface ShareListener {
  readonly port: number;
  close(): Promise<void>;
}

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
};

/** A path is at most `/s/<32 characters>.<suffix>`, with units and chart behind it. */
const longestPath = 300;

interface Asked {
  readonly slug: string;
  readonly format: DocumentFormat | 'png' | 'embed';
}

function readPath(path: string): Asked | null {
  const framed = /^\/embed\/([a-z2-7]{32})$/.exec(path)?.[1];
  if (framed !== undefined) return { slug: framed, format: 'embed' };
  const match = /^\/s\/([a-z2-7]{32})(?:\.([a-z]+))?$/.exec(path);
  const suffix = match?.[2] ?? 'html';
  const format = ([...documentFormats, 'png'] as const).find((known) => known === suffix);
  return match?.[1] === undefined || format === undefined ? null : { slug: match[1], format };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  more: Readonly<Record<string, string>> = {},
): void {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  // Only an embed says itself who may frame it; every other page says nobody.
  const { 'X-Frame-Options': frames, ...usual } = headers;
  response.writeHead(status, {
    ...usual,
    ...('Content-Security-Policy' in more ? {} : { 'X-Frame-Options': frames }),
    ...more,
    'Content-Type': type,
    'Content-Length': bytes,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  read: ShareOptions['read'],
): Promise<void> {
  const plain = 'text/plain; charset=utf-8';
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(request, response, 405, plain, 'Only reading is possible here.\n', {
      Allow: 'GET, HEAD',
    });
    return;
  }
  const url = URL.parse((request.url ?? '').slice(0, longestPath), 'http://share.invalid');
  const asked = url === null ? null : readPath(url.pathname);
  const nothing = (): void =>
    answer(request, response, 404, plain, 'There is nothing published under this address.\n');
  if (asked === null) {
    nothing();
    return;
  }
  try {
    const query = url?.searchParams ?? new URLSearchParams();
    const view = await read(asked.slug);
    if (view.kind === 'notebook') {
      if (asked.format === 'png' || asked.format === 'svg') {
        const notebook = parseNotebook(view.text);
        const evaluation = evaluateNotebook(notebook, new Map());
        const svg = notebookCard({ notebook, evaluation, frozen: view.live ? null : view });
        if (asked.format === 'png') answer(request, response, 200, 'image/png', await pngOf(svg));
        else answer(request, response, 200, 'image/svg+xml; charset=utf-8', svg);
        return;
      }
      const suffix = frozenNotebookSuffixes.find((one) => one === asked.format);
      const address = objectAddress(`http://${request.headers.host ?? ''}`, `/s/${asked.slug}`);
      const [written] =
        suffix === undefined ? [] : await writeFrozenNotebook({ ...view, address }, suffix);
      if (written === undefined) nothing();
      else answer(request, response, 200, written.type, written.body);
      return;
    }
    const document = frozenDocument(view, query.get('units'), query.get('chart'));
    const origin = `http://${request.headers.host ?? ''}`;
    if (asked.format === 'embed') {
      const page = embedPage(document, document.path, query.get('theme') === 'dark');
      answer(request, response, 200, 'text/html; charset=utf-8', page, embedHeaders);
      return;
    }
    if (asked.format === 'png') {
      const picture = await writePicture(document, pictureKind(query));
      answer(request, response, 200, 'image/png', picture);
      return;
    }
    const address = objectAddress(origin, document.path);
    const { type, body } = writeDocument(document, asked.format, address);
    answer(request, response, 200, type, body);
  } catch (error) {
    if (error instanceof NoRasteriser) {
      answer(request, response, 501, plain, `${error.message}\n`);
      return;
    }
    if (error instanceof RunError && error.kind === 'notFound') {
      nothing();
      return;
    }
    console.error('share:', error);
    answer(request, response, 500, plain, 'Something went wrong here.\n');
  }
}

/** Listens until closed. @throws the system's error where the address cannot be used */
export async function openShare({ host, port, read }: ShareOptions): Promise<ShareListener> {
  const server: Server = createServer(
    { maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 },
    (request, response) => {
      // A body is never wanted; what is sent anyway is dropped.
      request.resume();
      void handle(request, response, read);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** `0.0.0.0:8080`, `[::]:8080`, `host.example:8080`. @throws RunError 'invalid' */
export function readShareAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:\s]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    throw new RunError(
      'invalid',
      `--share is "${text}": write HOST:PORT, for example 0.0.0.0:8080.`,
    );
  }
  return { host: match[1].replaceAll(/[[\]]/g, ''), port };
}
