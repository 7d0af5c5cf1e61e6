'use client';
/**
 * Markdown with formulas, and numbers of the notebook in their places. Raw HTML is never rendered, what
 * the pipeline makes is sanitised besides, and formulas are MathML: no style, font or request of theirs.
 */
import { createContext, memo, useContext, useEffect, useMemo, useState } from 'react';
import Markdown, { type Components, type Options } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { valueOf, type Lookup } from '../../server/api/schemas/notebook-evaluate-expression.ts';
import { placeholdersOf } from '../../server/api/schemas/notebook-expression.ts';
import { markdownSchema } from '../../server/api/schemas/notebook-sanitise.ts';
import type { Scalar } from '../../server/api/schemas/notebook-table.ts';
import classes from './notebook.module.css';
import { Value } from './value.tsx';

/** Around the number of a placeholder; private characters that no text has, or they are taken out. */
const [open, close] = ['\uE000', '\uE001'];

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

interface Placed {
  /** As written, for code and formulas, which stay as they are. */
  readonly written: string;
  readonly expression: string;
}

/** The text with a short mark for each placeholder, so that Markdown cannot tear one apart. */
function marked(source: string): { readonly text: string; readonly places: readonly Placed[] } {
  const clean = source.replaceAll(/[\uE000\uE001]/g, '');
  const found = placeholdersOf(clean);
  const text = found.reduceRight(
    (rest, { from, to }, index) => `${rest.slice(0, from)}${open}${index}${close}${rest.slice(to)}`,
    clean,
  );
  const places = found.map(({ from, to, text: expression }) => ({
    written: clean.slice(from, to),
    expression,
  }));
  return { text, places };
}

const restored = (text: string, places: readonly Placed[]): string =>
  text.replaceAll(/\uE000(\d+)\uE001/g, (_, index: string) => places[Number(index)]?.written ?? '');

/** Puts elements for the marks into texts, and the written words back into code, formulas and addresses. */
function placeValues(places: readonly Placed[]) {
  const visit = (node: Node, isCode: boolean): void => {
    for (const [key, value] of Object.entries(node.properties ?? {})) {
      if (typeof value === 'string' && node.properties !== undefined)
        node.properties[key] = restored(value, places);
    }
    node.children = (node.children ?? []).flatMap((child): Node[] => {
      if (child.type !== 'text') {
        visit(child, isCode || child.tagName === 'code' || child.tagName === 'pre');
        return [child];
      }
      const value = child.value ?? '';
      if (!value.includes(open)) return [child];
      if (isCode) return [{ type: 'text', value: restored(value, places) }];
      return value.split(/(\uE000\d+\uE001)/).flatMap((part): Node[] => {
        const place = places[Number(/\d+/.exec(part)?.[0])];
        if (!part.startsWith(open)) return part === '' ? [] : [{ type: 'text', value: part }];
        if (place === undefined) return [];
        return [
          {
            type: 'element',
            tagName: 'data',
            properties: { value: place.expression },
            children: [],
          },
        ];
      });
    });
  };
  return () => (tree: Node) => visit(tree, false);
}

/** What the names in a text stand for; around the text, so that a new value renders only its places. */
const LookupContext = createContext<Lookup>(() => undefined);

function read(expression: string, lookup: Lookup): Scalar | string {
  try {
    return valueOf(expression, lookup);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function Place({ value }: { readonly value?: unknown }) {
  const expression = typeof value === 'string' ? value : '';
  const found = read(expression, useContext(LookupContext));
  if (typeof found !== 'string') return <Value scalar={found} />;
  return (
    <span className={classes.wrong} title={expression}>
      ({found})
    </span>
  );
}

/** Headings of a text stand below the page's own. */
const components: Components = {
  data: Place,
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  a: ({ href, children }) => (
    <a href={href} rel="noreferrer nofollow">
      {children}
    </a>
  ),
};

/** KaTeX, with the plugin that finds formulas: as heavy as all else here, so only where one may be. */
interface Formulas {
  readonly remark: NonNullable<Options['remarkPlugins']>;
  readonly rehype: NonNullable<Options['rehypePlugins']>;
}

const withoutFormulas: Formulas = { remark: [], rehype: [] };

const loadFormulas = async (): Promise<Formulas> => {
  const [{ default: katex }, { default: math }] = await Promise.all([
    import('rehype-katex'),
    import('remark-math'),
  ]);
  const options = { output: 'mathml', trust: false, strict: false, maxExpand: 200 } as const;
  return { remark: [math], rehype: [[katex, options]] };
};

const Body = memo(function Body({ source }: { readonly source: string }) {
  const [formulas, setFormulas] = useState(withoutFormulas);
  const isNeeded = source.includes('$');
  useEffect(() => {
    let current = true;
    if (isNeeded) {
      void loadFormulas().then((loaded) => {
        if (current) setFormulas(loaded);
        return null;
      });
    }
    return () => {
      current = false;
    };
  }, [isNeeded]);
  const { text, places } = useMemo(() => marked(source), [source]);
  const rehypePlugins = useMemo(
    (): NonNullable<Options['rehypePlugins']> => [
      [rehypeSanitize, markdownSchema],
      // After the sanitising, which knows no such element; before KaTeX, which needs the words back.
      placeValues(places) as never,
      ...formulas.rehype,
    ],
    [places, formulas],
  );
  return (
    <Markdown
      remarkPlugins={[remarkGfm, ...formulas.remark]}
      rehypePlugins={rehypePlugins}
      components={components}
    >
      {text}
    </Markdown>
  );
});

interface MarkdownViewProps {
  readonly source: string;
  readonly lookup: Lookup;
}

export default function MarkdownView({ source, lookup }: MarkdownViewProps) {
  return (
    <div className={classes.prose}>
      <LookupContext value={lookup}>
        <Body source={source} />
      </LookupContext>
    </div>
  );
}
