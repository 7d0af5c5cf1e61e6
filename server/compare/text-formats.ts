/** A run or a comparison as text: CSV and JSON in full, Markdown and LaTeX as a page shows it, BibTeX. */
import { noneOf, metricsOf } from '../api/schemas/compare-metrics.ts';
import { hasNumbers } from '../api/schemas/compare-run.ts';
import { comparisonTable } from '../api/schemas/compare-table.ts';
import { writeUnits } from '../api/schemas/compare-units.ts';
import { verdictOf } from '../api/schemas/compare-verdict.ts';
import { shortHash } from '../api/schemas/format.ts';
import { settingsOf } from '../api/schemas/spec-settings.ts';
import { csvCell, latex } from '../results/table-text.ts';
import type { ExportDocument } from './document.ts';

/** One header line, a row a run, empty for missing: what `read_csv` takes as it is. */
export function toCsv({ runs, units }: ExportDocument): string {
  const { columns, rows } = comparisonTable(runs, units);
  return [columns, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

/** The same values by name, the verdict, and all that is stored of a single run. */
export function toJson(document: ExportDocument, address: string): string {
  const { title, runs, base, units, frozen, detail, profiles } = document;
  const { columns, rows } = comparisonTable(runs, units);
  const verdict = verdictOf(runs, base, units);
  return `${JSON.stringify(
    {
      version: 1,
      title,
      address,
      contentHash: frozen?.contentHash ?? null,
      frozenAt: frozen?.createdAt ?? null,
      units: writeUnits(units),
      baseline: runs[base]?.run.id ?? null,
      verdict: { sentences: verdict.sentences, mismatches: verdict.mismatches.map((m) => m.text) },
      rows: rows.map((cells) =>
        Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null])),
      ),
      ...(detail === null ? { profiles } : { run: detail }),
    },
    null,
    2,
  )}\n`;
}

/** Settings and metrics as rows, runs as columns, as texts. */
export function textTable(document: ExportDocument): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const { runs, units } = document;
  const lists = runs.map(({ run }) => settingsOf(run.spec));
  const settings = (lists[0] ?? []).map(({ name }, index) => [
    name,
    ...lists.map((list) => list[index]?.value ?? ''),
  ]);
  const metrics = metricsOf(units).map((metric) => [
    metric.label,
    ...runs.map(({ run }) => {
      const figure = metric.of(run);
      if (figure === null)
        return hasNumbers(run)
          ? run.headline === null
            ? 'not in the file'
            : noneOf(metric, run)
          : run.state;
      const value = metric.format(figure.value);
      return figure.note === '' ? value : `${value} (${figure.note})`;
    }),
  ]);
  const origin = [
    'Provenance',
    ...runs.map(({ run }) => (run.shipped ? `${run.provenance}, shipped` : run.provenance)),
  ];
  const machine = ['Machine', ...runs.map(({ run }) => run.machine ?? 'not recorded')];
  const commit = ['Engine commit', ...runs.map(({ run }) => run.commit ?? 'not recorded')];
  return {
    head: ['', ...runs.map(({ name }) => name)],
    rows: [...metrics, ...settings, origin, machine, commit],
  };
}

/** "Frozen 2026-11-22T..., content hash ...; https://..." */
export function sourceLine({ frozen, runs }: ExportDocument, address: string): string {
  const ids = runs.map(({ run }) => run.id).slice(0, 6);
  const of = `runs ${ids.join(', ')}${runs.length > ids.length ? ', ...' : ''}`;
  return frozen === null
    ? `${address} (${of})`
    : `${address} (${of}), frozen ${frozen.createdAt}, content hash ${frozen.contentHash}`;
}

export function toMarkdown(document: ExportDocument, address: string): string {
  const escape = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ');
  const { head, rows } = textTable(document);
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  const { sentences, mismatches } = verdictOf(document.runs, document.base, document.units);
  return [
    `# ${document.title}`,
    '',
    ...sentences.map((text) => `- ${text}`),
    ...mismatches.map(({ text }) => `- Caution: ${text}`),
    '',
    line(head),
    line(head.map((_, index) => (index === 0 ? ':--' : '--:'))),
    ...rows.map(line),
    '',
    `Source: ${sourceLine(document, address)}`,
    '',
  ].join('\n');
}

export function toLatex(document: ExportDocument, address: string): string {
  const { head, rows } = textTable(document);
  const line = (cells: readonly string[]): string => `${cells.map(latex).join(' & ')} \\\\`;
  return [
    '% needs \\usepackage{booktabs}',
    `% ${sourceLine(document, address).replaceAll(/[\r\n]/g, ' ')}`,
    `\\begin{tabular}{l${'r'.repeat(head.length - 1)}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** Cites a run or what was frozen; the hash makes the citation checkable. */
export function toBibtex(document: ExportDocument, address: string): string {
  const { runs, frozen, title } = document;
  const date = (frozen?.createdAt ?? runs[0]?.run.finishedAt ?? runs[0]?.run.createdAt ?? '').slice(
    0,
    10,
  );
  const key = frozen === null ? (runs[0]?.run.id ?? 'comparison') : shortHash(frozen.contentHash);
  const commits = [...new Set(runs.map(({ run }) => run.commit ?? 'unknown'))].slice(0, 3);
  const notes = [
    `engine commit ${commits.join(', ')}`,
    frozen === null
      ? `spec hash ${shortHash(runs[0]?.run.specHash ?? '')}`
      : `content hash ${frozen.contentHash}`,
    ...(frozen === null ? ['not frozen: the page may change'] : []),
    ...(/^https?:/.test(address) ? [] : [`page ${address} of its installation`]),
  ];
  return [
    `@misc{parley-${key.replaceAll(/[^A-Za-z0-9-]/g, '-')},`,
    `  title        = {{${latex(title)}}},`,
    '  howpublished = {Parley, private Transformer inference run for real},',
    `  year         = {${date.slice(0, 4)}},`,
    `  date         = {${date}},`,
    // An address that only one machine can open is no source; the hash still is.
    ...(/^https?:/.test(address) ? [`  url          = {${address}},`] : []),
    `  note         = {${latex(notes.join('; '))}}`,
    '}',
    '',
  ].join('\n');
}
