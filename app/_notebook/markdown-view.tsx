'use client';
/**
 * A text as the server rendered it (server/notebooks/render-text.ts), with numbers of the notebook in their
 * places. Elements are built out of plain data: no markup is parsed here.
 */
import { createContext, createElement, memo, useContext, type ReactNode } from 'react';
import { valueOf, type Lookup } from '../../server/api/schemas/notebook-evaluate-expression.ts';
import type { Scalar } from '../../server/api/schemas/notebook-table.ts';
import type { RenderedElement, RenderedNode } from '../../server/api/schemas/notebook-text.ts';
import { asSentence } from '../../server/api/schemas/format.ts';
import { useRenderedText } from '../_lib/api-notebook-texts.ts';
import classes from './notebook.module.css';
import { Value } from './value.tsx';

/** What the names in a text stand for; around the text, so that a new value renders only its places. */
const LookupContext = createContext<Lookup>(() => undefined);

function read(expression: string, lookup: Lookup): Scalar | string {
  try {
    return valueOf(expression, lookup);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function Place({ expression }: { readonly expression: string }) {
  const found = read(expression, useContext(LookupContext));
  if (typeof found !== 'string') return <Value scalar={found} />;
  return (
    <span className={classes.wrong} title={expression}>
      ({found})
    </span>
  );
}

const alignments = ['left', 'right', 'center'] as const;

/** `align` is not enough: the page's own rules for tables would win over it. */
function withAlign({ align, ...props }: NonNullable<RenderedElement['props']>) {
  const textAlign = alignments.find((one) => one === align);
  return textAlign === undefined ? props : { ...props, style: { textAlign } };
}

function build(node: RenderedNode, key: number): ReactNode {
  if (typeof node === 'string') return node;
  const { tag, props = {}, children = [] } = node;
  if (tag === 'data') return <Place key={key} expression={String(props['value'] ?? '')} />;
  return createElement(tag, { key, ...withAlign(props) }, ...children.map(build));
}

const Body = memo(function Body({ nodes }: { readonly nodes: readonly RenderedNode[] }) {
  return nodes.map(build);
});

interface MarkdownViewProps {
  readonly source: string;
  readonly lookup: Lookup;
}

export function MarkdownView({ source, lookup }: MarkdownViewProps) {
  const { nodes, error } = useRenderedText(source);
  return (
    <div className={classes.prose}>
      {error !== null && (
        <output className={classes.wrong}>Not laid out anew: {asSentence(error)}</output>
      )}
      {nodes === null ? (
        error !== null && <pre>{source}</pre>
      ) : (
        <LookupContext value={lookup}>
          <Body nodes={nodes} />
        </LookupContext>
      )}
    </div>
  );
}
