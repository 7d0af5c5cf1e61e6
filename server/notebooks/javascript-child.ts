/**
 * JavaScript cells without a browser: each in a process of its own, only where somebody asked for it.
 *
 * What bounds it: no environment, no files, no child processes, no workers, no addons (node --permission),
 * a heap limit, a time limit, a limit on what may come out; and, where the system has it, a network
 * namespace without any interface but its own loopback. What does not: `node:vm` keeps a text from
 * stumbling over our globals, and is no sandbox against one that means harm; Node's permissions do not
 * know networks. So where there is no namespace, the cell could talk to the network, and `isolation`
 * says so.
 */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Answered } from '../api/schemas/notebook-evaluate.ts';
import {
  fromPlain,
  javascriptHeapMb,
  javascriptHelpers,
  javascriptLimitMs,
  longestResult,
  plainInput,
} from '../api/schemas/notebook-javascript.ts';
import type { JavascriptQuestion, RunJavascript } from './run-headless.ts';

/** Milliseconds that the process may take to start, on a busy machine. */
const startMs = 10_000;

/**
 * Reads one question from its input, writes one answer. There are no timers in the context, so once the
 * text and what it awaited ran, either there is a result or there will never be one.
 */
const program = `
const vm = require('node:vm');
let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => { text += piece; });
process.stdin.on('end', () => {
  const { helpers, code, names, json, limit, longest } = JSON.parse(text);
  const context = vm.createContext({ __proto__: null, json }, { microtaskMode: 'afterEvaluate', codeGeneration: { strings: false, wasm: false } });
  const source = "'use strict';\\n" + helpers
    + 'var done = null, failed = null;\\n'
    + '(async ([' + names.join(', ') + ']) => {\\n' + code + '\\n})(JSON.parse(json)).then('
    + '(value) => { done = JSON.stringify(value === undefined ? null : value); if (typeof done !== "string") failed = "return plain data: numbers, texts, arrays, objects."; },'
    + '(error) => { failed = String(error && error.message || error); });';
  let reply;
  try {
    vm.runInContext(source, context, { timeout: limit, filename: 'cell.js' });
    const { done, failed } = context;
    reply = typeof failed === 'string' ? { message: failed.slice(0, 2000) }
      : typeof done !== 'string' ? { message: 'it waits for something that never comes.' }
      : done.length > longest ? { message: 'the result has ' + done.length + ' characters; at most ' + longest + ' may leave the cell.' }
      : { json: done };
  } catch (error) {
    reply = error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
      ? { message: 'it was ended after ' + limit / 1000 + ' s; look for a loop without end.' }
      : { message: String(error && error.message || error).slice(0, 2000) };
  }
  process.stdout.write(JSON.stringify(reply));
});
`;

interface Started {
  readonly command: string;
  readonly args: readonly string[];
}

const node: Started = {
  command: process.execPath,
  args: [
    '--permission',
    `--max-old-space-size=${javascriptHeapMb}`,
    '--no-warnings',
    '-e',
    program,
  ],
};

/** In a user and a network namespace of its own: nothing is configured there, so nothing is reached. */
const inNamespace = ({ command, args }: Started): Started => ({
  command: 'unshare',
  args: ['--user', '--net', '--', command, ...args],
});

interface Ended {
  readonly out: string;
  /** Null where it was killed. */
  readonly code: number | null;
  readonly why: 'exit' | 'time' | 'size' | 'start';
}

function runOnce({ command, args }: Started, input: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: {} as NodeJS.ProcessEnv,
      cwd: tmpdir(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let out = '';
    let why: Ended['why'] = 'exit';
    const end = (reason: Ended['why']): void => {
      why = reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => end('time'), javascriptLimitMs + startMs);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece: string) => {
      out += piece;
      // As JSON inside of JSON a text can double.
      if (out.length > 2 * longestResult + 1000) end('size');
    });
    child.on('error', () => {
      clearTimeout(timer);
      resolve({ out: '', code: null, why: 'start' });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ out, code, why });
    });
    // A child that ended early takes no input; its end says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const problems: Readonly<Record<Ended['why'], string>> = {
  time: `it was ended after ${javascriptLimitMs / 1000} s; look for a loop without end.`,
  size: 'it wrote more than may leave a cell.',
  start: 'its process could not be started.',
  exit: `its process ended without an answer; at most ${javascriptHeapMb} MiB of memory may be used.`,
};

function replyOf({ out, why }: Ended): { readonly json: string } | { readonly message: string } {
  if (why !== 'exit') return { message: problems[why] };
  try {
    const reply: unknown = JSON.parse(out);
    if (typeof reply === 'object' && reply !== null) {
      const { json, message } = reply as { readonly json?: unknown; readonly message?: unknown };
      if (typeof json === 'string' && json.length <= longestResult) return { json };
      if (typeof message === 'string') return { message };
    }
  } catch {
    // It was ended in the middle, or wrote something of its own: no answer either way.
  }
  return { message: problems.exit };
}

async function answerWith(start: Started, question: JavascriptQuestion): Promise<Answered> {
  const names = Object.keys(question.inputs);
  const values = names.map((name) => {
    const value = question.inputs[name];
    return value === undefined ? null : plainInput(value);
  });
  const input = {
    helpers: javascriptHelpers,
    code: question.code,
    names,
    json: JSON.stringify(values),
    limit: javascriptLimitMs,
    longest: longestResult,
  };
  const reply = replyOf(await runOnce(start, JSON.stringify(input)));
  if ('message' in reply) return { status: 'error', message: reply.message };
  try {
    return { status: 'ok', value: fromPlain(reply.json, question.inputs) };
  } catch (error) {
    return { status: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

export interface JavascriptChild {
  readonly run: RunJavascript;
  /** What keeps the cells in, in a sentence for people. */
  readonly isolation: string;
}

/** Looks what this system has, once. */
export async function openJavascript(): Promise<JavascriptChild> {
  const probe = { helpers: '', code: 'return 1;', names: [], json: '[]', limit: 1000, longest: 10 };
  const alone = inNamespace(node);
  const { out } = await runOnce(alone, JSON.stringify(probe));
  const hasNamespace = out === '{"json":"1"}';
  const bounds = `a process of its own: no environment, no files, no further processes, ${javascriptHeapMb} MiB, ${javascriptLimitMs / 1000} s`;
  return {
    run: (question) => answerWith(hasNamespace ? alone : node, question),
    isolation: hasNamespace
      ? `JavaScript runs in ${bounds}, no network.`
      : `JavaScript runs in ${bounds}. Its network cannot be taken away on this system: run only what you trust.`,
  };
}
