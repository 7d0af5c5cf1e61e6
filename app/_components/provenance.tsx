/** The five classes of numbers, in one visual language: a mark and always its word. */
import type { Provenance } from '../../server/api/schemas/run-view.ts';
import classes from './provenance.module.css';

export const provenanceWords: Readonly<Record<Provenance, { word: string; meaning: string }>> = {
  measured: { word: 'measured', meaning: 'counted or timed in a run of this installation' },
  predicted: { word: 'predicted', meaning: 'computed from shapes before the run' },
  replayed: { word: 'replayed', meaning: 'a recorded trace under another network' },
  reported: { word: 'reported', meaning: 'printed in a paper or by a training' },
  imported: { word: 'imported', meaning: 'brought in from another tool' },
};

export function ProvenanceMark({ of }: { of: Provenance }) {
  const { word, meaning } = provenanceWords[of];
  return (
    <span className={classes.mark} title={meaning}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <Shape of={of} />
      </svg>
      <span>{word}</span>
    </span>
  );
}

function Shape({ of }: { of: Provenance }) {
  const ring = { cx: 6, cy: 6, r: 4.6, fill: 'none', stroke: 'currentColor', strokeWidth: 1.4 };
  switch (of) {
    case 'measured':
      return <circle cx="6" cy="6" r="5" fill="currentColor" />;
    case 'imported':
      return (
        <>
          <circle {...ring} />
          <path d="M6 1.4a4.6 4.6 0 0 0 0 9.2z" fill="currentColor" />
        </>
      );
    case 'reported':
      return <path d="M6 1 11 6 6 11 1 6z" fill="none" stroke="currentColor" strokeWidth="1.4" />;
    case 'predicted':
      return (
        <circle {...ring} strokeDasharray="0.1 2.79" strokeLinecap="round" strokeWidth={1.8} />
      );
    case 'replayed':
      return <circle {...ring} strokeDasharray="3.2 1.6" />;
  }
}

/** Explains the marks that a page uses. */
export function ProvenanceLegend() {
  return (
    <dl className={classes.legend}>
      {(Object.keys(provenanceWords) as Provenance[]).map((key) => (
        <div key={key}>
          <dt>
            <ProvenanceMark of={key} />
          </dt>
          <dd>{provenanceWords[key].meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
