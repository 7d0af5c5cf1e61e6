/** `parley costs --variant V --op OP --shape S`: one operation. */
import { operationCost, type OperationRequest } from '../../engine/cost/operation-cost.ts';
import { formatBytes, formatTable } from '../format.ts';

export async function printOperationCost(request: OperationRequest, json: boolean): Promise<void> {
  const cost = await operationCost(request);
  if (json) {
    console.log(JSON.stringify({ ...cost, provenance: 'predicted' }, null, 2));
    return;
  }
  const { rounds, roundsOverlapped, links, correlations } = cost;
  const exact = (bytes: number): string =>
    bytes < 1000 ? `${bytes} B` : `${bytes.toLocaleString('en-US')} B  (${formatBytes(bytes)})`;
  console.log(
    formatTable([
      ['operation', `${cost.op}, form ${cost.form}: ${cost.title}`],
      ['source', cost.source],
      ['variant', cost.variant],
      ['ring', `2^${cost.ring}, ${cost.fractionBits} fraction bits`],
      ['shape', cost.shape],
      ['provenance', 'predicted, from shapes alone'],
      ['rounds', `${rounds} in program order, ${roundsOverlapped} overlapped`],
      ['sent by a party', `${exact(cost.bytesSentPerParty)}, the most of any, online`],
      ['sent by all', `${exact(cost.bytesSentTotal)} online`],
      ...(correlations === null
        ? []
        : [
            [
              'dealer',
              correlations === 'dealer'
                ? `${exact(cost.dealerBytes)} offline`
                : 'none: party 0 deals to itself, no privacy against party 0',
            ] as const,
          ]),
      ...Object.entries(links).map(([link, bytes]): [string, string] => [
        `link ${link}`,
        exact(bytes),
      ]),
    ]),
  );
}
