/**
 * The page in whose worker JavaScript cells run. It is framed with sandbox="allow-scripts", so it has an
 * origin of its own that can read nothing of ours; its policy lets it fetch nothing and load nothing but
 * the worker that it makes of the cell's text. The worker has no page at all, and is ended when its time
 * is over. It answers with JSON text, which the notebook checks.
 */
import {
  javascriptHelpers,
  javascriptLimitMs,
  longestResult,
} from './schemas/notebook-javascript.ts';

const policy = [
  "default-src 'none'",
  // The frame's own script, and workers of its own making: no address of anywhere.
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "connect-src 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-scripts',
].join('; ');

/** Before the cell's text: helpers over arrays, and what talks to the network taken away besides. */
const prelude = `'use strict';
for (const name of ['fetch','XMLHttpRequest','WebSocket','EventSource','importScripts','Worker','SharedWorker','indexedDB','caches','BroadcastChannel','WebTransport']) {
  try { Object.defineProperty(self, name, { value: undefined }); } catch {}
}
${javascriptHelpers}`;

/** Two steps, so that a syntax error of the cell is told like any other: the worker's load fails. */
const frameScript = `
const limit = ${javascriptLimitMs};
const longest = ${longestResult};
const prelude = ${JSON.stringify(prelude)};
addEventListener('message', (event) => {
  if (event.source !== parent) return;
  const { id, code, names, values } = event.data;
  const reply = (message) => parent.postMessage({ id, ...message }, '*');
  const source = prelude
    + 'const post = self.postMessage.bind(self);\\n'
    + 'self.onmessage = async ({ data: inputs }) => { self.onmessage = null; try { const result = await (async ([' + names.join(', ') + ']) => {\\n' + code + '\\n})(inputs);\\n'
    + 'post({ ok: true, json: JSON.stringify(result === undefined ? null : result) }); }\\n'
    + 'catch (error) { post({ ok: false, message: String(error && error.message || error) }); } };';
  let worker;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  let over = false;
  const end = (message) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (worker) worker.terminate();
    URL.revokeObjectURL(url);
    reply(message);
  };
  const timer = setTimeout(() => end({ status: 'error', message: 'it was ended after ' + limit / 1000 + ' s; look for a loop without end.' }), limit);
  try {
    worker = new Worker(url);
    worker.onerror = (event) => { event.preventDefault(); end({ status: 'error', message: String(event.message || 'the text is no JavaScript.').slice(0, 2000) }); };
    worker.onmessage = ({ data }) => {
      if (!data || data.ok !== true) return end({ status: 'error', message: String(data && data.message).slice(0, 2000) });
      if (typeof data.json !== 'string') return end({ status: 'error', message: 'return plain data: numbers, texts, arrays, objects.' });
      if (data.json.length > longest) return end({ status: 'error', message: 'the result has ' + data.json.length + ' characters; at most ' + longest + ' may leave the cell.' });
      end({ status: 'ok', json: data.json });
    };
    worker.postMessage(values);
  } catch (error) {
    end({ status: 'error', message: String(error) });
  }
});
parent.postMessage({ ready: true }, '*');
`;

/** The frame's document. */
export const sandboxPage = (): Response =>
  new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox</title></head><body><script>${frameScript}</script></body></html>`,
    {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      },
    },
  );
