import { expect, test } from 'vitest';
import type { RunEvent } from '../../server/api/schemas/run-view.ts';
import { bar, ProgressLines } from '../../server/cli/progress-bar.ts';

const event = (more: Partial<RunEvent>): RunEvent => ({
  seq: 1,
  at: '2026-01-31T12:00:00Z',
  kind: 'progress',
  state: 'running',
  fraction: null,
  etaMs: null,
  message: null,
  inference: null,
  parties: [],
  dealer: null,
  ...more,
});

function written(isTTY: boolean, events: readonly Partial<RunEvent>[]): string {
  let text = '';
  const lines = new ProgressLines({ isTTY, columns: 60, write: (more) => (text += more) });
  for (const one of events) lines.show(event(one));
  return text;
}

test('a bar is full at the end and never longer than it is', () => {
  expect(bar(0, 4)).toBe('[....]');
  expect(bar(0.5, 4)).toBe('[##..]');
  expect(bar(1.2, 4)).toBe('[####]');
});

test('on a terminal one line is rewritten, and cut to its width', () => {
  const text = written(true, [
    { fraction: 0.25, etaMs: 3000, inference: { index: 0, of: 4 } },
    { fraction: 0.5 },
    { kind: 'state', state: 'done' },
  ]);
  expect(text.match(/\r/g)).toHaveLength(3);
  expect(text).toContain('25 % running, inference 1 of');
  for (const line of text.split('\r\u001B[K')) expect(line.length).toBeLessThan(60);
  expect(text.endsWith('  done\n')).toBe(true);
});

test('elsewhere plain lines, one a tenth', () => {
  const fractions = [0.01, 0.11, 0.12, 0.19, 0.31].map((fraction) => ({ fraction }));
  const text = written(false, [{ kind: 'state' }, ...fractions]);
  for (const control of ['\r', '\u001B']) expect(text).not.toContain(control);
  expect(text.split('\n').filter((line) => line.includes('%'))).toEqual([
    '   11 % running',
    '   31 % running',
  ]);
});
