/** An expectation of latency in words. */
import type { LatencyPrediction } from '../api/schemas/latency.ts';
import { formatMs } from './format.ts';

export const basisText = (basis: LatencyPrediction['basis']): string =>
  basis === 'formula'
    ? 'from the formula alone'
    : `from ${basis} earlier ${basis === 1 ? 'run' : 'runs'}`;

export const expectedText = ({ onlineMs, low80, high80, basis }: LatencyPrediction): string =>
  `${formatMs(onlineMs)} online a batch (80 % interval ${formatMs(low80)} to ${formatMs(high80)}, ${basisText(basis)})`;
