/** What is known of a run that another tool measured: its figures, and where they came from. */
import type { ImportedFigures, RunDetail } from '../../server/api/schemas/run-view.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  shortHash,
} from '../../server/api/schemas/format.ts';
import { KeyValues } from '../_components/key-values.tsx';
import { Panel } from '../_components/panel.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import classes from './run-view.module.css';

const figures: readonly (readonly [
  key: keyof ImportedFigures,
  name: string,
  format: (value: number) => string,
])[] = [
  ['accuracy', 'Secure accuracy', formatPercent],
  ['plaintextAccuracy', 'Plaintext accuracy', formatPercent],
  ['onlineMsPerSample', 'Online, per sample', formatDuration],
  ['onlineMs', 'Online, per batch', formatDuration],
  ['offlineMs', 'Offline, per batch', formatDuration],
  ['totalMs', 'Online and offline, per batch', formatDuration],
  ['onlineBytes', 'Sent online by the busiest party, per batch', formatBytes],
  ['totalBytes', 'Sent by all, both phases, per batch', formatBytes],
  ['dealerBytes', 'Sent by the dealer, per batch', formatBytes],
  ['rounds', 'Rounds', formatCount],
  ['peakRssBytes', 'Peak memory', formatBytes],
];

export function ImportedPanel({ run, values }: { run: RunDetail; values: ImportedFigures }) {
  const { importedFrom, importedSha256, cpu } = run.environment;
  const known = figures.flatMap(([key, name, format]) => {
    const value = values[key];
    return value === null ? [] : [[name, format(value)] as const];
  });
  const missing = figures.filter(([key]) => values[key] === null).map(([, name]) => name);
  return (
    <Panel
      title="Figures"
      note="As the file says them: no n, no interval, and nothing that was counted here."
      aside={<ProvenanceMark of="imported" />}
    >
      <KeyValues
        entries={[
          ...known,
          ...(importedFrom === undefined ? [] : [['From', importedFrom] as const]),
          ...(importedSha256 === undefined
            ? []
            : [
                [
                  'Hash of the file',
                  <code key="hash" title={importedSha256}>
                    {shortHash(importedSha256)}
                  </code>,
                ] as const,
              ]),
          ['Machine', cpu ?? 'not said'],
        ]}
      />
      {missing.length > 0 && (
        <p className={classes.quiet}>
          Not in the file: {missing.map((name) => name.toLowerCase()).join('; ')}.
        </p>
      )}
    </Panel>
  );
}
