/**
 * Use case: Markdown rendered in a thread of its own, one text after the other, each with bounded time,
 * memory and size. What goes beyond is shown as it was written, and says so. The thread starts with the
 * first text and keeps no process from ending.
 */
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { RenderedNode, RenderedText } from '../api/schemas/notebook-text.ts';

export interface TextJob {
  readonly kind: 'text' | 'html';
  readonly source: string;
}

/** Null where the text is nested too deeply. */
export type TextReply = { readonly ready: true } | { readonly answer: string | null };

/** The bundle of the pages has no folder of its own: it runs in the repository's root. */
const here = (import.meta.dirname as string | undefined) ?? join(process.cwd(), 'server/notebooks');
const entry = join(here, 'text-worker.ts');

const limitMs = { text: 1500, html: 10_000 } as const;
/** Loading the parsers, on a machine that is busy. */
const startLimitMs = 30_000;
const heapMebibytes = 256;
const stackMebibytes = 4;
/** Characters that may come of one text: formulas become some thirty times as long. */
const longestAnswer = { text: 1_000_000, html: 30_000_000 } as const;

let thread: Promise<Worker> | null = null;

/** The next message, or null when it did not come in time or the thread ended. */
function next(worker: Worker, ms: number): Promise<TextReply | null> {
  return new Promise((resolve) => {
    const done = (reply: TextReply | null): void => {
      clearTimeout(timer);
      worker.off('message', done).off('error', failed).off('exit', failed);
      resolve(reply);
    };
    const failed = (): void => done(null);
    const timer = setTimeout(failed, ms);
    worker.on('message', done).on('error', failed).on('exit', failed);
  });
}

async function started(): Promise<Worker> {
  // Not imported: the bundler would look for the thread's file among the pages.
  const threads = process.getBuiltinModule('node:worker_threads');
  const worker = new threads.Worker(entry, {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMebibytes, stackSizeMb: stackMebibytes },
  });
  if ((await next(worker, startLimitMs)) !== null) {
    worker.unref();
    return worker;
  }
  await worker.terminate();
  throw new Error('the thread that renders texts did not start');
}

async function ask({ kind, source }: TextJob): Promise<string | null> {
  thread ??= started();
  let worker: Worker;
  try {
    worker = await thread;
  } catch (error) {
    thread = null;
    throw error;
  }
  worker.ref();
  worker.postMessage({ kind, source } satisfies TextJob, []);
  const reply = await next(worker, limitMs[kind]);
  if (reply === null) {
    thread = null;
    await worker.terminate();
    return null;
  }
  worker.unref();
  const answer = 'answer' in reply ? reply.answer : null;
  return answer !== null && answer.length <= longestAnswer[kind] ? answer : null;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: the thread has one text at a time, whose limit begins when it does. */
function inTurn(job: TextJob): Promise<string | null> {
  const mine = last.then(() => ask(job));
  last = mine.catch(() => null);
  return mine;
}

/** A document's HTML; null where it is beyond the bounds. */
export const renderHtml = (source: string): Promise<string | null> =>
  inTurn({ kind: 'html', source });

const asWritten = (source: string): readonly RenderedNode[] => [
  {
    tag: 'p',
    children: ['This text is nested too deeply, or is too long, to be shown as Markdown.'],
  },
  { tag: 'pre', children: [source] },
];

/** Characters of the sources whose texts are kept. */
const mostKept = 1_000_000;
const kept = new Map<string, readonly RenderedNode[]>();
let keptLength = 0;

function remember(source: string, nodes: readonly RenderedNode[]): void {
  if (kept.has(source)) return;
  kept.set(source, nodes);
  keptLength += source.length;
  for (const [old] of kept) {
    if (keptLength <= mostKept) return;
    kept.delete(old);
    keptLength -= old.length;
  }
}

async function rendered(source: string): Promise<readonly RenderedNode[]> {
  const before = kept.get(source);
  if (before !== undefined) return before;
  const answer = await inTurn({ kind: 'text', source });
  const nodes = answer === null ? asWritten(source) : (JSON.parse(answer) as RenderedNode[]);
  remember(source, nodes);
  return nodes;
}

/**
 * These texts, each once, in their order; what is not rendered after `budgetMs` is left out, to be asked
 * for by itself.
 */
export async function renderTexts(
  sources: readonly string[],
  budgetMs = Infinity,
): Promise<readonly RenderedText[]> {
  const end = performance.now() + budgetMs;
  const texts: RenderedText[] = [];
  for (const source of new Set(sources)) {
    if (source.trim() === '') continue;
    if (performance.now() > end && !kept.has(source)) continue;
    texts.push({ source, nodes: await rendered(source) });
  }
  return texts;
}
