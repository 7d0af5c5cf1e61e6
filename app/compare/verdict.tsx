/** What may be said of the runs, and what stands in the way of saying more. */
import type { Verdict as Judged } from '../../server/api/schemas/compare-verdict.ts';
import { Notice } from '../_components/states.tsx';
import classes from './compare.module.css';

export function Verdict({ verdict }: { readonly verdict: Judged }) {
  const [first, ...others] = verdict.sentences;
  return (
    <section aria-label="Verdict" className={classes.verdict}>
      {first === undefined ? (
        <p>No run here has a result yet.</p>
      ) : (
        <p className={classes.first}>{first}</p>
      )}
      {others.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {verdict.mismatches.map(({ kind, text, tone }) => (
        <Notice key={kind} tone={tone}>
          {text}
        </Notice>
      ))}
    </section>
  );
}
