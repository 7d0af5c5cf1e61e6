/**
 * The thread in which Markdown is rendered. Texts can be written that take any parser seconds: such a text
 * runs out of this thread's time, not of Parley's.
 */
import { parentPort } from 'node:worker_threads';
import { htmlBody } from './html-body.ts';
import { renderText } from './render-text.ts';
import type { TextJob, TextReply } from './text-thread.ts';

const answerTo = ({ kind, source }: TextJob): string | null => {
  try {
    return kind === 'html' ? htmlBody(source) : JSON.stringify(renderText(source));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

parentPort?.on('message', (job: TextJob) => {
  const reply: TextReply = { answer: answerTo(job) };
  parentPort?.postMessage(reply, []);
});
const ready: TextReply = { ready: true };
parentPort?.postMessage(ready, []);
