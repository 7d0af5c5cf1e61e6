'use client';
/** The parts of a cell's panel. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import {
  asSentence,
  formatCount,
  formatDate,
  formatRatio,
  shortHash,
} from '../../server/api/schemas/format.ts';
import {
  reasonWords,
  type CellValue,
  type PaperCell,
  type PaperCellDetail,
} from '../../server/api/schemas/papers.ts';
import { runStates, type RunState } from '../../server/api/schemas/run-view.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { KeyValues } from '../_components/key-values.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { StateBadge } from '../_components/state-badge.tsx';
import tables from '../_run/run-view.module.css';
import { attemptsText } from './paper-grid.tsx';
import classes from './papers.module.css';
import { VerdictMark } from './verdict-mark.tsx';
import { cellAddress, cellDifference, cellValue, includesText, reportedText } from './words.ts';

type Entry = readonly [name: string, value: ReactNode];

/** Nothing is said where there is nothing to say. */
const when = (name: string, text: string): readonly Entry[] => (text === '' ? [] : [[name, text]]);

const RunLink = ({ id }: { readonly id: string }) => <Link href={`/runs/${id}`}>run {id}</Link>;

function Value({ of, unit }: { readonly of: CellValue; readonly unit: PaperCell['unit'] }) {
  return (
    <span>
      <ProvenanceMark of={of.provenance} /> {cellValue(of.value, unit)}
      {of.low !== null && of.high !== null && (
        <>
          {', '}
          {cellValue(of.low, unit)} to {cellValue(of.high, unit)}
        </>
      )}
      {of.n !== null && `, n = ${formatCount(of.n)}`}
      {of.link === 'not met' && ', link not as asked for'}
      {of.shipped && ', shipped with Parley'}
      {of.runId !== null && (
        <>
          {', '}
          <RunLink id={of.runId} />
        </>
      )}
    </span>
  );
}

/** Numbers, difference, reason, notes, confidence, source. */
export function CellFacts({ detail: { cell, family } }: { readonly detail: PaperCellDetail }) {
  const { result, second, unit, ratio, reason, explanation, includes, tolerance } = cell;
  const counts = includesText(includes);
  const tried = attemptsText(cell.attempts);
  const ours = [result, second].flatMap((value): Entry[] =>
    value === null ? [] : [['In Parley’s engine', <Value key="value" of={value} unit={unit} />]],
  );
  const entries: readonly Entry[] = [
    [
      'In the paper',
      <span key="reported">
        <ProvenanceMark of="reported" /> {reportedText(cell)}
      </span>,
    ],
    ...ours,
    ...when('Ratio to the paper', ratio === null ? '' : formatRatio(ratio)),
    ...when(
      'Difference',
      result === null || cell.reported === null
        ? ''
        : cellDifference(result.value - cell.reported, unit),
    ),
    ...when('Reason', reason === null ? '' : reasonWords[reason]),
    ...when('In words', explanation === '' ? '' : asSentence(explanation)),
    ...when('The printed number counts', counts),
    ['Tolerance, set before', tolerance.words],
    ...(cell.verifiedBy === null
      ? []
      : [
          [
            'Checked by',
            <span key="run">
              <RunLink id={cell.verifiedBy} />
              {family !== null && `: ${family}`}
            </span>,
          ] as const,
        ]),
    ...when('Attempts', tried === '' ? '' : `${tried}; none of them fills the cell`),
    ['Source', `${cell.source}, ${cell.confidence}`],
  ];
  return (
    <section aria-label="Numbers" className={classes.facts}>
      <p>
        <VerdictMark of={cell.verdict} />
      </p>
      <KeyValues entries={entries} />
      {cell.notes.map((note) => (
        <p key={note} className={classes.soft}>
          {note}
        </p>
      ))}
    </section>
  );
}

/** How the cell is made here, as JSON, or what is missing for it. */
export function CellRecipeView({ recipe, ownScale }: Pick<PaperCellDetail, 'recipe' | 'ownScale'>) {
  return (
    <section aria-labelledby="cell-recipe">
      <h3 id="cell-recipe">Recipe</h3>
      <p className={classes.soft}>{recipe.reads}</p>
      {recipe.missing.length > 0 && (
        <ul className={classes.obstacles}>
          {recipe.missing.map(({ kind, hubId, words }) => (
            <li key={`${kind} ${words}`}>
              Missing {kind}: {words}
              {hubId !== null && (
                <>
                  {' '}
                  (<code>{hubId}</code>)
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {ownScale.map(({ words, runId }) => (
        <p key={words}>
          At Parley’s own scale: {words}
          {runId === null ? ', not run yet.' : <Link href={`/runs/${runId}`}> run {runId}</Link>}
        </p>
      ))}
      {recipe.of.length > 0 && (
        <p className={classes.evidence}>
          {recipe.of.map((id) => (
            <Link key={id} href={cellAddress(id) ?? '/papers'}>
              {id.split('.').slice(1).join(' · ')}
            </Link>
          ))}
        </p>
      )}
      {recipe.json !== '' && (
        <details className={classes.json}>
          <summary>As JSON</summary>
          {/* Long lines scroll, also with the keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0}>{recipe.json}</pre>
          <CopyButton value={recipe.json} label="Copy JSON" />
        </details>
      )}
      {recipe.spec !== null && (
        <Button
          component={Link}
          size="xs"
          variant="default"
          href={`/results?q=${encodeURIComponent(`model=${recipe.spec.model}`)}`}
        >
          Runs of {recipe.spec.model}
        </Button>
      )}
    </section>
  );
}

/** Every finished run of the recipe, by engine commit. */
export function CellHistory({ detail: { history, cell } }: { readonly detail: PaperCellDetail }) {
  return (
    <section aria-labelledby="cell-history">
      <h3 id="cell-history">History over engine commits</h3>
      {history.length === 0 ? (
        <p className={classes.soft}>No finished run yet.</p>
      ) : (
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Engine</th>
              <th scope="col">Value</th>
              <th scope="col">n</th>
              <th scope="col">Run</th>
            </tr>
          </thead>
          <tbody>
            {history.map((entry) => (
              <tr key={entry.runId}>
                <td>
                  {shortHash(entry.commit)}
                  {entry.current ? ', now' : ''}
                  {entry.shipped ? ', shipped' : ''}
                </td>
                <td>
                  <ProvenanceMark of={entry.provenance} /> {cellValue(entry.value, cell.unit)}
                </td>
                <td>{formatCount(entry.n)}</td>
                <td>
                  <Link href={`/runs/${entry.runId}`}>{formatDate(entry.at)}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const isState = (state: string): state is RunState =>
  (runStates as readonly string[]).includes(state);

/** Attempts of any end; those that failed say why. */
export function CellRuns({ runs }: Pick<PaperCellDetail, 'runs'>) {
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="cell-runs">
      <h3 id="cell-runs">Attempts</h3>
      <ul className={classes.attempts}>
        {runs.map(({ runId, state, at, reason }) => (
          <li key={runId}>
            <Link href={`/runs/${runId}`}>{formatDate(at)}</Link>{' '}
            {isState(state) ? <StateBadge state={state} /> : state}
            {reason !== null && <p className={classes.soft}>{reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
