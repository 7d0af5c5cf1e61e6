/** Markdown as pages get it: places for numbers, formulas, nothing that could run, bounded. */
import { describe, expect, test } from 'vitest';
import type { RenderedNode } from '../../server/api/schemas/notebook-text.ts';
import { renderText } from '../../server/notebooks/render-text.ts';
import { renderHtml, renderTexts } from '../../server/notebooks/text-thread.ts';

const elements = (nodes: readonly RenderedNode[]): Exclude<RenderedNode, string>[] =>
  nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [node, ...elements(node.children ?? [])],
  );
const words = (nodes: readonly RenderedNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : words(node.children ?? []))).join('');

describe('a text', () => {
  test('has a place for each number, and keeps what is written in code and formulas', () => {
    const nodes = renderText(
      '# One\n\n**{{count(runs)}}** `{{b}}` $a_{{i}}$ [x](https://a.b/{{c}})',
    );
    const all = elements(nodes);
    expect(all.filter(({ tag }) => tag === 'data')).toEqual([
      { tag: 'data', props: { value: 'count(runs)' } },
    ]);
    expect(all[0]?.tag).toBe('h2');
    expect(words(all.filter(({ tag }) => tag === 'code'))).toBe('{{b}}');
    expect(words(all.filter(({ tag }) => tag === 'annotation'))).toBe('a_{{i}}');
    expect(all.find(({ tag }) => tag === 'math')).toBeDefined();
    expect(JSON.stringify(nodes)).not.toMatch(/[\uE000\uE001]/);
  });

  test.each([
    '<script>pwned()</script>',
    '<img src=x onerror="pwned()">',
    '<svg onload="pwned()"><a xlink:href="javascript:pwned()">x</a></svg>',
    '[x](javascript:pwned())',
    '[x](data:text/html,pwned)',
    '![x](https://evil.example/x.png)',
    '$\\href{javascript:pwned()}{x}$',
    '$\\htmlStyle{color:red;background:url(https://evil.example)}{x}$',
    '<data value="count(runs)">x</data>',
    '<style>*{display:none}</style>',
    '\uE0000\uE001',
  ])('%s has nothing that runs or fetches', (attack) => {
    for (const { tag, props = {} } of elements(renderText(`a ${attack} b\n\n${attack}`))) {
      expect(tag).not.toMatch(/^(script|img|svg|style|iframe|object|embed|form|data|link|meta)$/);
      for (const [name, value] of Object.entries(props)) {
        expect(name).not.toMatch(/^on|^style$|src|dangerously/i);
        if (name === 'href') expect(value).toMatch(/^(https?:|mailto:|#)/);
      }
    }
  });
});

describe('the thread', () => {
  test('ends a text that takes too long, shows it as written, and renders the next', async () => {
    const slow = '**a_'.repeat(10_000);
    const start = performance.now();
    const texts = await renderTexts(['**b**', slow, '*c*', '*c*', '']);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(texts.map(({ source }) => source)).toEqual(['**b**', slow, '*c*']);
    expect(elements(texts[0]?.nodes ?? []).map(({ tag }) => tag)).toEqual(['p', 'strong']);
    expect(words(texts[1]?.nodes ?? [])).toMatch(/^This text is nested too deeply, or is too long/);
    expect(words(texts[1]?.nodes ?? [])).toContain(slow);
    expect(elements(texts[2]?.nodes ?? []).map(({ tag }) => tag)).toEqual(['p', 'em']);
  });

  test('what has no time left is left out, unless it is known', async () => {
    await renderTexts(['known']);
    const texts = await renderTexts(['new', 'known'], -1);
    expect(texts.map(({ source }) => source)).toEqual(['known']);
  });

  test('what is nested deeper than the stack ends', async () => {
    expect(await renderHtml('>'.repeat(20_000))).toBeNull();
    expect(await renderHtml('**b**')).toBe('<p><strong>b</strong></p>');
  });
});
