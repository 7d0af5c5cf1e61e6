/** What counts as the same, by class of metric. Set before any run was made; a change is a commit. */
import type { CellUnit, MetricClass, Tolerance } from '../api/schemas/papers.ts';

/**
 * Bytes and rounds follow from the protocol: 1 % is the last printed digit of most cells; 5 % is what a
 * reading of "GB" and an algorithm known only from code can differ by.
 */
const exact: Tolerance = {
  class: 'exact',
  reproduced: 0.01,
  within: 0.05,
  words: 'Reproduced within 1 %, within tolerance to 5 %, in the unit that the cell names.',
};

/** In points of percent, or hundredths: half-width that an interval may have, then the distance. */
const statistical: Tolerance = {
  class: 'statistical',
  reproduced: 0.02,
  within: 0.02,
  words:
    'Reproduced if the 95 % interval holds the printed value and is at most 2 points to either side; within tolerance if it holds it and is wider.',
};

const seconds: Tolerance = {
  class: 'machine',
  reproduced: 0,
  within: 0.5,
  words:
    "Seconds are never equal on other machines. Within tolerance if the time over that of the table's other method is the printed one up to a factor of 1.5, in the same order.",
};

const speedUp: Tolerance = {
  class: 'machine',
  reproduced: 0.1,
  within: 0.5,
  words:
    'Reproduced up to a factor of 1.1, within tolerance up to 1.5, if the same method is faster.',
};

export const toleranceOf = (metric: MetricClass, unit: CellUnit): Tolerance => {
  if (metric === 'exact') return exact;
  if (metric === 'statistical') return statistical;
  return unit === 'x' ? speedUp : seconds;
};
