/** The picture of a notebook's link preview: its numbers with their class, hostile words as words. */
import { describe, expect, test } from 'vitest';
import type { Cell, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { evaluateNotebook } from '../../server/api/schemas/notebook-evaluate.ts';
import { pngOf } from '../../server/compare/picture.ts';
import { figuresOf, notebookCard } from '../../server/notebooks/card.ts';
import { exportNotebook } from '../../server/notebooks/export.ts';

const pinned: Cell = {
  id: 'q',
  kind: 'query',
  name: 'runs',
  source: 'state:done',
  pinned: {
    at: '2026-11-23T12:00:00Z',
    value: {
      kind: 'table',
      table: {
        columns: [{ key: 'online_ms', label: 'Online', type: 'number', format: 'duration' }],
        rows: [
          { cells: [1200], runs: ['r1'], class: 'measured' },
          { cells: [2400], runs: ['r2'], class: 'measured' },
        ],
        total: 2,
      },
    },
  },
};
const of = (source: string, title = 'Study') => {
  const notebook: Notebook = { title, cells: [{ id: 'm', kind: 'markdown', source }, pinned] };
  return { notebook, evaluation: evaluateNotebook(notebook, new Map()) };
};
const frozen = { createdAt: '2026-11-23T12:00:00Z', contentHash: 'ab'.repeat(32) };

describe('the numbers of a card', () => {
  test('are those of the texts, each once, with their class; what cannot be said is left out', () => {
    const { notebook, evaluation } = of(
      '{{count(runs)}} {{min(runs.online_ms)}} {{ count(runs) }} {{nothing}} {{1 +}} {{first(runs.run)}}',
    );
    expect(figuresOf(notebook, evaluation)).toEqual([
      { text: '2', of: 'count(runs)', classes: 'measured' },
      {
        text: expect.stringMatching(/^1\.2\d*.s$/),
        of: 'min(runs.online_ms)',
        classes: 'measured',
      },
    ]);
  });

  test('are four at most', () => {
    const { notebook, evaluation } = of('{{1}} {{2}} {{3}} {{4}} {{5}}');
    expect(figuresOf(notebook, evaluation)).toHaveLength(4);
  });
});

describe('the picture', () => {
  test('has title, words, numbers and when it was frozen', () => {
    const svg = notebookCard({ ...of('There are **{{count(runs)}}** runs.'), frozen });
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 1200 630"/);
    expect(svg).toContain('>Study</text>');
    expect(svg).toContain('There are 2 runs.');
    expect(svg).toContain('count(runs)</text>');
    expect(svg).toContain('frozen 23 Nov 2026');
    expect(notebookCard({ ...of('x'), frozen: null })).toContain('results of now');
  });

  test('is text, whatever it is told, and can be drawn', async () => {
    const attack = '</text><script>alert(1)</script><image href="https://evil.example/x.png"/>&x;';
    const svg = notebookCard({ ...of(`${attack} {{count(runs)}}`, attack), frozen });
    expect(svg).not.toMatch(/<(script|image|a|foreignObject|use)\b/);
    expect(svg).not.toMatch(/href="/);
    // PNG's own first bytes.
    expect(Array.from((await pngOf(svg)).subarray(0, 4))).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });
});

test('a published file names title, first words and picture for whoever shows its link', async () => {
  const { notebook, evaluation } = of('There are {{count(runs)}} runs.', 'A "study" <of> costs');
  const address = 'https://parley.example.org/s/abc';
  const html = await exportNotebook(notebook, evaluation, 'html', address);
  expect(html).toContain('property="og:title" content="A &quot;study&quot; &lt;of&gt; costs"');
  expect(html).toMatch(/property="og:description" content="There are 2 runs\.?/);
  expect(html).toContain(`property="og:image" content="${address}.png?card"`);
  expect(await exportNotebook(notebook, evaluation, 'html')).not.toContain('og:');
});
