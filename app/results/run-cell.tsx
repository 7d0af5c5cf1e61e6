'use client';
/** One cell of the results: a few columns have a look of their own, all others are value and note. */
import Link from 'next/link';
import { formatAgo, type ByteFamily } from '../../server/api/schemas/format.ts';
import { cellText, type Column } from '../../server/api/schemas/results-column.ts';
import { noiseRule } from '../../server/api/schemas/results-noise.ts';
import type { ResultRow } from '../../server/api/schemas/results-row.ts';
import { changedSettings, mixtureNote, variantName } from '../../server/api/schemas/spec-steps.ts';
import { warningsOf, warningTexts } from '../../server/api/schemas/warnings.ts';
import { Icon } from '../_components/icon.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { StateBadge, stateWords } from '../_components/state-badge.tsx';
import { warningWords } from '../_lib/describe-spec.ts';
import classes from './results-table.module.css';

interface RunCellProps {
  readonly column: Column;
  readonly run: ResultRow;
  readonly now: number;
  readonly units: ByteFamily;
}

export function RunCell({ column, run, now, units }: RunCellProps) {
  switch (column.id) {
    case 'name':
      return <NameCell column={column} run={run} />;
    case 'state':
      return <StateBadge state={run.state} />;
    case 'created':
    case 'finished': {
      const at = column.value(run);
      return typeof at === 'string' ? (
        <time dateTime={at} title={column.title(run)}>
          {formatAgo(at, now)}
        </time>
      ) : null;
    }
    case 'class':
      return (
        <>
          <ProvenanceMark of={run.provenance} />
          {run.shipped && <span className={classes.note}>shipped</span>}
        </>
      );
    default:
      return <PlainCell column={column} run={run} units={units} />;
  }
}

function PlainCell({ column, run, units }: Omit<RunCellProps, 'now'>) {
  const note = column.note(run);
  const noisy = / (quiet|normal|noisy)$/.test(note) ? `; noise class: ${noiseRule}` : '';
  const text = cellText(column, run, units);
  const title = column.title(run) || (column.type === 'text' ? text : '');
  return (
    <span className={classes.value} title={`${title}${noisy}` || undefined}>
      {text}
      {note !== '' && (
        <span className={note === 'not met' ? classes.warn : classes.note}>{note}</span>
      )}
    </span>
  );
}

function NameCell({ column, run }: Omit<RunCellProps, 'now' | 'units'>) {
  const warnings = warningsOf(run.spec);
  const custom = changedSettings(run.spec.protocol).length > 0;
  return (
    <span className={classes.value}>
      {run.importedFrom === null ? (
        <Link href={`/runs/${run.id}`} className={classes.name} title={column.note(run)}>
          <Name column={column} run={run} />
        </Link>
      ) : (
        // Nothing was run here: the file is all there is to see.
        <span className={classes.name} title={`imported from ${run.importedFrom}`}>
          <Name column={column} run={run} />
        </span>
      )}
      <span className={classes.note}>
        <Tags of={run.tags} />
        {run.archivedAt !== null && <span className={classes.warn}>archived, </span>}
        {run.importedFrom !== null && 'imported, '}
        {custom && (
          <span
            className={classes.warn}
            title={`${variantName(run.spec.protocol)}. ${mixtureNote}`}
          >
            custom variant,{' '}
          </span>
        )}
        {warnings.map((warning) => (
          <span key={warning} className={classes.warn} title={warningTexts[warning]}>
            <Icon name="warning" size={11} /> {warningWords[warning]},{' '}
          </span>
        ))}
        {column.note(run)}
      </span>
      <span className={classes.narrow}>
        <Tags of={run.tags} />
        {run.importedFrom === null ? (
          // What is done differs by its protocol, which has no column here.
          run.state === 'done' ? (
            <span className={classes.note}>
              {run.spec.protocol.variant}
              {custom && ', custom'}
            </span>
          ) : (
            <span className={classes.note}>{stateWords[run.state].word}</span>
          )
        ) : (
          <ProvenanceMark of={run.provenance} />
        )}
        {warnings.map((warning) => (
          <span key={warning} className={classes.warn}>
            {warningWords[warning]}
          </span>
        ))}
      </span>
    </span>
  );
}

/** What people called it: whatever columns are shown, a tag that was given is seen. */
function Tags({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <span title={`Tags: ${of.join(', ')}`}>
      <span className="visually-hidden">Tags: </span>
      {of.map((tag) => (
        <span key={tag}>
          <span className={classes.tag}>{tag}</span>{' '}
        </span>
      ))}
    </span>
  );
}

function Name({ column, run }: Omit<RunCellProps, 'now' | 'units'>) {
  return (
    <>
      {run.starred && (
        <span className={classes.star}>
          <span aria-hidden="true">★ </span>
          <span className="visually-hidden">Starred: </span>
        </span>
      )}
      {cellText(column, run)}
    </>
  );
}
