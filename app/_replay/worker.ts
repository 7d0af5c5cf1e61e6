/** The replay in a worker of the browser: the drag of a slider must not hold up the page. */
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { Answerer, type Question } from './answer.ts';

/** A recording comes once, then questions name its run. */
export type WorkerRequest =
  | { readonly run: string; readonly file: ReplayFile }
  | { readonly number: number; readonly question: Question };

export type WorkerReply =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: string };

const answerer = new Answerer();

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if ('file' in data) {
    answerer.learn(data.run, data.file);
    return;
  }
  const { number, question } = data;
  const reply = (): WorkerReply => {
    try {
      return { number, answer: answerer.answer(question) };
    } catch (error) {
      return { number, error: error instanceof Error ? error.message : String(error) };
    }
  };
  postMessage(reply());
});
