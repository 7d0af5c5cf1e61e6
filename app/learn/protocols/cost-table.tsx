/** The table of operations: its head and its first column stay while it is scrolled. */
import type {
  OperationCostRow,
  PublishedComparison,
} from '../../../server/api/routers/learn/operations.ts';
import { formatCount, formatSignificant, plural } from '../../../server/api/schemas/format.ts';
import type { ChartTableModel } from '../../_charts/chart.ts';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Verdict } from '../../_components/state-badge.tsx';
import classes from './learn.module.css';

export function CostTable({ rows }: { rows: readonly OperationCostRow[] }) {
  const sources = sourcesOf(rows);
  return (
    <>
      <Scroll label="Costs of operations" className={classes.costs}>
        <table>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Operation
              </th>
              <th scope="col" rowSpan={2} className={classes.text}>
                Protocol
              </th>
              <th scope="col" rowSpan={2} className={classes.text}>
                Shape
              </th>
              <th scope="colgroup" colSpan={5} className={classes.group}>
                Declared <ProvenanceMark of="predicted" />
              </th>
              <th scope="col" rowSpan={2} className={classes.text}>
                <ProvenanceMark of="measured" />
              </th>
              <th scope="col" rowSpan={2} className={classes.text}>
                Published <ProvenanceMark of="reported" />
              </th>
              <th scope="col" rowSpan={2} className={classes.text}>
                What is computed, and whose it is
              </th>
            </tr>
            <tr>
              <th scope="col">Rounds, in order</th>
              <th scope="col">overlapped</th>
              <th scope="col">B per party</th>
              <th scope="col">per element</th>
              <th scope="col">B, dealer</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.op} ${row.form} ${row.variant}`}>
                <th scope="row">
                  {row.op}
                  <span className={classes.form}>{row.form}</span>
                </th>
                <td className={classes.text}>{row.variant}</td>
                <td className={classes.text}>{shapeWords(row.shape)}</td>
                <td>{formatCount(row.rounds)}</td>
                <td>{formatCount(row.roundsOverlapped)}</td>
                <td title={`all parties ${formatCount(row.bytesSentTotal)} bytes`}>
                  {formatCount(row.bytesSentPerParty)}
                </td>
                <td>{perElement(row)}</td>
                <td>{formatCount(row.dealerBytes)}</td>
                <td className={classes.text}>
                  {row.measuredEqual === null ? (
                    'not measured'
                  ) : (
                    <Verdict ok={row.measuredEqual}>
                      {row.measuredEqual ? 'equal' : 'differs'}
                    </Verdict>
                  )}
                </td>
                <td className={classes.text}>
                  <Published figures={row.published} sources={sources} />
                </td>
                <td className={classes.meaning}>
                  {sentence(row.title)} <SourceLink name={row.source} sources={sources} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <section aria-label="Sources" className={classes.sources}>
        <h3>Sources</h3>
        <ol>
          {sources.map(({ name, how }, index) => (
            <li key={name} id={`source-${index + 1}`} tabIndex={-1}>
              {name}
              {how !== null && <span className={classes.quiet}> {how}</span>}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

interface Source {
  readonly name: string;
  /** How its published figures came to be; null where it gives the function only. */
  readonly how: string | null;
}

/** Whose functions, and whose figures, the rows show; each once. */
function sourcesOf(rows: readonly OperationCostRow[]): readonly Source[] {
  const functions = rows.map(({ source }) => ({ name: source, how: null }));
  const figures = rows.flatMap(({ published }) =>
    published.map(({ sourceTitle, how }) => ({ name: sourceTitle, how })),
  );
  return [
    ...new Map<string, Source>(
      [...functions, ...figures].map((source) => [source.name, source]),
    ).values(),
  ];
}

function SourceLink({ name, sources }: { name: string; sources: readonly Source[] }) {
  const number = sources.findIndex((source) => source.name === name) + 1;
  return (
    <a href={`#source-${number}`} title={name} aria-label={`Source ${number}: ${name}`}>
      [{number}]
    </a>
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

interface PublishedProps {
  readonly figures: readonly PublishedComparison[];
  readonly sources: readonly Source[];
}

function Published({ figures, sources }: PublishedProps) {
  const [first] = figures;
  if (first === undefined) return <span className={classes.quiet}>none known</span>;
  const equal = figures.filter((figure) => figure.equal).length;
  return (
    <details>
      <summary>
        <Verdict ok={equal === figures.length}>
          {figures.length === 1
            ? first.verdict
            : equal === figures.length
              ? `equal, ${plural(figures.length, 'figure')}`
              : `${figures.length - equal} of ${figures.length} differ`}
        </Verdict>
      </summary>
      <ul className={classes.figureList}>
        {figures.map((figure) => (
          <li key={`${figure.shape} ${figure.beyond ?? ''} ${figure.bytes}`}>
            {formatCount(figure.bytes)} B {countedAs[figure.countedAs]}
            {figure.rounds !== null && `, ${plural(figure.rounds, 'round')}`}
            {figure.roundsOverlapped !== null && ` (${figure.roundsOverlapped} overlapped)`} at{' '}
            {shapeWords(figure.shape)}
            {figure.beyond !== null && ` beyond ${shapeWords(figure.beyond)}`}; ours{' '}
            {formatCount(figure.ourBytes)} B: {figure.verdict}
            {figure.note !== null && <span className={classes.quiet}> {figure.note}</span>}{' '}
            <SourceLink name={figure.sourceTitle} sources={sources} />
          </li>
        ))}
      </ul>
    </details>
  );
}

const countedAs: Readonly<Record<PublishedComparison['countedAs'], string>> = {
  sentPerParty: 'sent by a party',
  sumOverParties: 'sent by all parties',
  sentAndReceived: 'sent and received',
};

/** "128x768,768x768" -> "128 × 768 by 768 × 768". */
function shapeWords(shape: string): string {
  return shape.replaceAll('x', ' × ').replaceAll(',', ' by ');
}

function perElement({ elements, bytesSentPerParty }: OperationCostRow): string {
  if (elements === null || elements === 0) return '–';
  const each = bytesSentPerParty / elements;
  return Number.isInteger(each) ? formatCount(each) : formatSignificant(each, 4);
}

/** The same numbers as a file: one line a row, units in the names. */
export function costCsv(rows: readonly OperationCostRow[]): ChartTableModel {
  const columns = [
    'operation',
    'form',
    'protocol',
    'shape',
    'fraction_bits',
    'declared_rounds',
    'declared_rounds_overlapped',
    'declared_party_bytes',
    'declared_total_bytes',
    'declared_dealer_bytes',
    'measured_equals_declared',
    'published_equal',
    'published_figures',
  ];
  return {
    columns: columns.map((key) => ({ key, header: key })),
    rows: rows.map((row) => ({
      operation: row.op,
      form: row.form,
      protocol: row.variant,
      shape: row.shape,
      fraction_bits: row.fractionBits,
      declared_rounds: row.rounds,
      declared_rounds_overlapped: row.roundsOverlapped,
      declared_party_bytes: row.bytesSentPerParty,
      declared_total_bytes: row.bytesSentTotal,
      declared_dealer_bytes: row.dealerBytes,
      measured_equals_declared: row.measuredEqual === null ? null : String(row.measuredEqual),
      published_equal: row.published.filter(({ equal }) => equal).length,
      published_figures: row.published.length,
    })),
  };
}
