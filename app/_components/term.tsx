/** A word of the glossary in a help text: its first sentence as a tip, the rest one click away. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import { firstSentence, termById, type TermId } from '../_lib/glossary.ts';
import classes from './term.module.css';

export function Term({ id, children }: { id: TermId; children?: ReactNode }) {
  const { word, text } = termById(id);
  return (
    <Link href={`/learn/glossary#${id}`} className={classes.term} title={firstSentence(text)}>
      {children ?? word}
    </Link>
  );
}
