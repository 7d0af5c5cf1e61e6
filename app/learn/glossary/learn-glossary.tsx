'use client';
/** Learn > Glossary: each word with its one meaning; a term can be linked, and filtered for. */
import { TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { plural } from '../../../server/api/schemas/format.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { glossary, type GlossaryPart, type GlossaryTerm } from '../../_lib/glossary.ts';
import classes from './glossary.module.css';

const parts: readonly GlossaryPart[] = glossary;

const fits = ({ word, also = '', text }: GlossaryTerm, words: string): boolean =>
  `${word} ${also} ${text}`.toLowerCase().includes(words.trim().toLowerCase());

export function LearnGlossary() {
  const [words, setWords] = useState('');
  const shown = parts
    .map((part) => ({ ...part, terms: part.terms.filter((term) => fits(term, words)) }))
    .filter(({ terms }) => terms.length > 0);
  const count = shown.reduce((sum, { terms }) => sum + terms.length, 0);
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Glossary</h1>
        <p>
          Each word means one thing in the workbench, in its files and in its programs. Papers use
          some of them otherwise; what they call it stands beside.
        </p>
        <nav aria-label="Parts of the glossary" className={classes.contents}>
          {parts.map(({ id, title }) => (
            <a key={id} href={`#part-${id}`}>
              {title}
            </a>
          ))}
        </nav>
        <TextInput
          label="Find a word"
          value={words}
          maw={320}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <p aria-live="polite" className={classes.count}>
          {words.trim() === '' ? '' : `${plural(count, 'word')} found.`}
        </p>
      </header>
      {shown.map(({ id, title, terms }) => (
        <div key={id} id={`part-${id}`} className={classes.anchor}>
          <Panel title={title}>
            <dl className={classes.terms}>
              {terms.map(({ id: term, word, also, text }) => (
                <div key={term} id={term} className={classes.anchor}>
                  <dt>
                    <a href={`#${term}`}>{word}</a>
                    {also !== undefined && <small>elsewhere: {also}</small>}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </Panel>
        </div>
      ))}
      <p>
        Who computes and what each role sees is on <Link href="/learn/protocols">Protocols</Link>;
        how links are imposed and measured on <Link href="/learn/networks">Networks</Link>.
      </p>
    </Stack>
  );
}
