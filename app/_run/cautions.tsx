/** What has to be known before a number of this run is believed; from what was measured. */
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { lateNote } from '../../server/api/schemas/late-frames.ts';
import { changedSettings, mixtureNote, variantName } from '../../server/api/schemas/spec-steps.ts';
import { Notice } from '../_components/states.tsx';
import classes from './run-view.module.css';

export function Cautions({ run }: { run: RunDetail }) {
  const imported = run.provenance === 'imported';
  const custom = !imported && changedSettings(run.spec.protocol).length > 0;
  const notes = [
    custom ? `Custom variant: ${variantName(run.spec.protocol)}. ${mixtureNote}` : null,
    imported
      ? 'Imported: these numbers were measured elsewhere, by something else. They are never in one statistic with runs of this installation.'
      : null,
    run.linkVerdict === 'not met'
      ? 'Link not met: the emulated network was not what was asked for, so latencies here are not those of that network.'
      : null,
    lateNote(run),
    run.prediction?.agrees === false
      ? 'Measured bytes or rounds differ from the declared cost: treat this run as suspect and report it.'
      : null,
    !imported && run.spec.network.backend === 'none'
      ? 'Raw loopback: no network was imposed, latencies are this machine’s own.'
      : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return (
    <div className={classes.notices}>
      {notes.map((note) => (
        <Notice key={note}>{note}</Notice>
      ))}
    </div>
  );
}
