/** Runs a JavaScript cell in a sandboxed frame of its own, and checks what comes back. */
import type { Answered, Question } from '../../server/api/schemas/notebook-evaluate.ts';
import {
  fromPlain,
  javascriptLimitMs,
  plainInput,
  sandboxReplySchema,
  type SandboxReply,
} from '../../server/api/schemas/notebook-javascript.ts';

type JavascriptQuestion = Extract<Question, { kind: 'javascript' }>;

/** The frame's own limit, and what its start may take on a busy machine. */
const patienceMs = javascriptLimitMs + 8000;

function openFrame(): { readonly frame: HTMLIFrameElement; readonly ready: Promise<void> } {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.title = 'Sandbox of JavaScript cells';
  frame.hidden = true;
  frame.src = '/embed/notebook-sandbox';
  const ready = new Promise<void>((resolve) => {
    const onMessage = (event: MessageEvent<unknown>): void => {
      if (event.source !== frame.contentWindow) return;
      window.removeEventListener('message', onMessage);
      resolve();
    };
    window.addEventListener('message', onMessage);
  });
  document.body.append(frame);
  return { frame, ready };
}

let frames = 0;

/** A frame for one run: nothing that one cell leaves behind is there for the next. */
async function runOnce({ code, inputs }: JavascriptQuestion): Promise<SandboxReply> {
  const id = (frames += 1);
  const { frame, ready } = openFrame();
  try {
    return await new Promise<SandboxReply>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the sandbox does not answer.')), patienceMs);
      const onMessage = (event: MessageEvent<unknown>): void => {
        if (event.source !== frame.contentWindow) return;
        const reply = sandboxReplySchema.safeParse(event.data);
        if (!reply.success || reply.data.id !== id) return;
        clearTimeout(timer);
        window.removeEventListener('message', onMessage);
        resolve(reply.data);
      };
      window.addEventListener('message', onMessage);
      const names = Object.keys(inputs);
      const values = names.map((name) => {
        const value = inputs[name];
        return value === undefined ? null : plainInput(value);
      });
      void ready.then(() => frame.contentWindow?.postMessage({ id, code, names, values }, '*'));
    });
  } finally {
    frame.remove();
  }
}

/** The answer to a JavaScript question. Never throws: what is wrong is the cell's error. */
export async function runJavascript(question: JavascriptQuestion): Promise<Answered> {
  try {
    const reply = await runOnce(question);
    if (reply.status === 'error') return { status: 'error', message: reply.message };
    return { status: 'ok', value: fromPlain(reply.json, question.inputs) };
  } catch (error) {
    return { status: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}
