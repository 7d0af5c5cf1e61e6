/** The table of operations as text: one line per form of an operation on a variant. */
import type { PublishedComparison } from '../../engine/cost/compare-published.ts';
import type { OperationTableRow } from '../../engine/cost/operation-table.ts';
import { publishedSources, type CountedAs } from '../../engine/cost/published.ts';
import { formatColumns } from './columns.ts';

const counts: Readonly<Record<CountedAs, string>> = {
  sentPerParty: 'sent by a party',
  sumOverParties: 'sent by all parties',
  sentAndReceived: 'sent and received',
};

export function formatOperationTable(rows: readonly OperationTableRow[]): string {
  const lines = rows.map(({ op, form, variant, shape, declared, agrees }) => [
    op,
    form,
    variant,
    shape,
    declared.rounds,
    declared.roundsOverlapped,
    declared.bytesSentPerParty,
    declared.bytesSentTotal,
    declared.dealerBytes,
    agrees === null ? 'not run' : agrees ? 'equal' : 'DIFFERS',
  ]);
  const declared = formatColumns(
    [
      'operation',
      'form',
      'variant',
      'shape',
      'rounds',
      'overlapped',
      'B per party',
      'B total',
      'B dealer',
      'measured',
    ],
    lines,
  );
  return `${declared}\n\n${formatPublished(rows)}`;
}

function formatPublished(rows: readonly OperationTableRow[]): string {
  const lines = rows.flatMap((row) =>
    row.published.map((figure) => [
      row.op,
      row.form,
      row.variant,
      figure.beyond === null ? figure.shape : `${figure.shape} less ${figure.beyond}`,
      figure.bytes,
      figure.ourBytes,
      counts[figure.countedAs],
      roundsText(figure),
      figure.verdict,
    ]),
  );
  const head = [
    'operation',
    'form',
    'variant',
    'shape',
    'B published',
    'B declared',
    'counted as',
    'rounds',
    'verdict',
  ];
  const sources = Object.values(publishedSources).map(({ title, how }) => `  ${title}. ${how}`);
  return `Published:\n\n${formatColumns(head, lines)}\n\nSources:\n${sources.join('\n')}`;
}

/** Published rounds; those of overlapping work behind a stroke. */
function roundsText({ rounds, roundsOverlapped }: PublishedComparison): string {
  const overlapped = roundsOverlapped === null ? '' : ` / ${roundsOverlapped}`;
  return `${rounds ?? '-'}${overlapped}`;
}
