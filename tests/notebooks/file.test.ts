/** The file format: what is written is read back, and what is wrong is named by its line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestNotebook, mostCells } from '../../server/api/schemas/notebook-kinds.ts';
import { NotebookFileError, readNotebook } from '../../server/api/schemas/notebook-file.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import { notebookArbitrary } from './arbitrary.ts';

const lineOf = (text: string): number => {
  try {
    readNotebook(text);
  } catch (error) {
    if (error instanceof NotebookFileError) return error.line;
    throw error;
  }
  throw new Error('the file was read');
};

describe('a notebook as a file', () => {
  test('is read back as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(notebookArbitrary, (notebook) => {
        const text = writeNotebook(notebook);
        expect(readNotebook(text)).toEqual(notebook);
        expect(writeNotebook(readNotebook(text))).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  test('a change of one line of a text is a change of one line of the file', () => {
    const cells = [
      { id: 'a', kind: 'markdown' as const, source: 'one\ntwo\nthree' },
      { id: 'b', kind: 'query' as const, source: 'is:done', name: 'runs' },
    ];
    const before = writeNotebook({ title: 'T', cells }).split('\n');
    const [first, ...rest] = cells;
    const after = writeNotebook({
      title: 'T',
      cells: [{ ...first, id: 'a', kind: 'markdown', source: 'one\n2\nthree' }, ...rest],
    }).split('\n');
    expect(after.filter((line, index) => line !== before[index])).toEqual(['2']);
  });

  test('reads what people write by hand: CRLF, no fence, more blank lines', () => {
    const text = [
      '# Mine',
      '<!-- parley:notebook 1 -->',
      '<!-- parley:cell {"id":"q","kind":"query","name":"runs"} -->',
      '',
      'is:done',
      '',
      '<!-- parley:cell {"id":"m","kind":"markdown"} -->',
      'Hello',
    ].join('\r\n');
    expect(readNotebook(text)).toEqual({
      title: 'Mine',
      cells: [
        { id: 'q', kind: 'query', name: 'runs', source: 'is:done' },
        { id: 'm', kind: 'markdown', source: 'Hello' },
      ],
    });
  });

  const file = (...lines: string[]): string =>
    ['# T', '<!-- parley:notebook 1 -->', ...lines].join('\n');

  test.each([
    ['no mark', 'hello', 1],
    ['a later version', '# T\n\n<!-- parley:notebook 2 -->', 3],
    ['a mark without end', file('<!-- parley:cell {'), 3],
    ['no JSON', file('<!-- parley:cell {oops} -->'), 3],
    ['an unknown kind', file('<!-- parley:cell {"id":"a","kind":"python"} -->'), 3],
    ['an unknown field', file('<!-- parley:cell {"id":"a","kind":"markdown","x":1} -->'), 3],
    ['a bad name', file('<!-- parley:cell {"id":"a","kind":"query","name":"A b"} -->'), 3],
    [
      'two ids',
      file(...['x', 'y'].map(() => '<!-- parley:cell {"id":"a","kind":"markdown"} -->')),
      4,
    ],
    ['an unknown mark', file('<!-- parley:script -->'), 3],
    [
      'a pin that is none',
      file(
        '<!-- parley:cell {"id":"a","kind":"markdown"} -->',
        '<!-- parley:pinned -->',
        '{"at":1}',
      ),
      4,
    ],
  ])('%s is named by its line', (_, text, line) => {
    expect(lineOf(text)).toBe(line);
  });

  test('hostile sizes and nesting are refused, not worked through', () => {
    expect(lineOf('x'.repeat(longestNotebook + 1))).toBe(1);
    const cells = Array.from(
      { length: mostCells + 1 },
      (_, i) => `<!-- parley:cell {"id":"c${i}","kind":"markdown"} -->`,
    );
    expect(lineOf(file(...cells))).toBe(mostCells + 3);
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(lineOf(file('<!-- parley:cell {"id":"a","kind":"input"} -->', deep))).toBeGreaterThan(2);
  });
});
