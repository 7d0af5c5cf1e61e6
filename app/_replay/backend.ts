/** Where replays are computed: a worker of the browser, or this page where there are no workers. */
import { Answerer, type AnswerTo, type Question } from './answer.ts';
import type { WorkerReply, WorkerRequest } from './worker.ts';

export interface Backend {
  ask(request: WorkerRequest): void;
  end(): void;
}

export function startBackend(onReply: (reply: WorkerReply) => void): Backend {
  if (typeof Worker === 'undefined') {
    const answerer = new Answerer();
    return {
      ask: (request) => {
        if ('file' in request) {
          answerer.learn(request.run, request.file);
          return;
        }
        const { number, question } = request;
        try {
          onReply({ number, answer: answerer.answer(question) });
        } catch (error) {
          onReply({ number, error: error instanceof Error ? error.message : String(error) });
        }
      },
      end: () => {},
    };
  }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => onReply(data));
  worker.addEventListener('error', ({ message }) =>
    onReply({ number: -1, error: message === '' ? 'the browser refused to start it' : message }),
  );
  return {
    // A worker has no origin that could be named.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    ask: (request) => worker.postMessage(request),
    end: () => worker.terminate(),
  };
}

export interface Replayer {
  learn(run: string, file: Extract<WorkerRequest, { run: string }>['file']): void;
  /** @throws Error with a sentence, of the recording or of the worker's start */
  ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>>;
}

/** One backend for any number of questions, each answered by its own promise. */
export function openReplayer(): Replayer {
  const open = new Map<number, { resolve: (value: never) => void; reject: (why: Error) => void }>();
  let number = 0;
  const backend = startBackend((reply) => {
    // A worker that did not start answers nobody in particular.
    const waiting = reply.number < 0 ? [...open.keys()] : [reply.number];
    for (const one of waiting) {
      const asked = open.get(one);
      open.delete(one);
      if ('error' in reply) asked?.reject(new Error(reply.error));
      else asked?.resolve(reply.answer as never);
    }
  });
  return {
    learn: (run, file) => backend.ask({ run, file }),
    ask: <Q extends Question>(question: Q) =>
      new Promise<AnswerTo<Q>>((resolve, reject) => {
        number += 1;
        open.set(number, { resolve, reject });
        backend.ask({ number, question });
      }),
  };
}
