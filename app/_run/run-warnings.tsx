/** What a run gives up or is not good for, before anything else on its page: from the spec, so also in old copies. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { isNote, warningsOf, warningTexts } from '../../server/api/schemas/warnings.ts';
import { Notice } from '../_components/states.tsx';
import classes from './run-view.module.css';

export function RunWarnings({ spec }: { spec: RunSpec }) {
  const warnings = warningsOf(spec);
  if (warnings.length === 0) return null;
  return (
    <div className={classes.notices} role="note" aria-label="What this run gives up">
      {warnings.map((warning) => (
        <Notice key={warning} tone={isNote(warning) ? 'info' : 'bad'}>
          <strong>{warningTexts[warning]}</strong>
        </Notice>
      ))}
    </div>
  );
}
