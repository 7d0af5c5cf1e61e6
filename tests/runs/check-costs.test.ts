/** A run that sends a byte that its plan does not declare fails by the link's name. */
import { describe, expect, test } from 'vitest';
import { checkCosts } from '../../server/runs/check-costs.ts';

const declared = { rounds: 12, links: { '0>1': 640, '1>0': 640, 'dealer>0': 1000 } };

describe('costs of a run against its plan', () => {
  test('what is declared passes', () => {
    expect(() => checkCosts(declared, structuredClone(declared), 0)).not.toThrow();
  });

  test.each([
    [
      { ...declared.links, '0>1': 648 },
      'Inference 3: party 0 sent party 1 648 bytes where the plan declares 640',
    ],
    [
      { ...declared.links, '1>2': 8 },
      'Inference 3: party 1 sent party 2 8 bytes where the plan declares 0',
    ],
    [
      { '0>1': 640, '1>0': 640 },
      'Inference 3: the dealer sent party 0 0 bytes where the plan declares 1000',
    ],
  ])('%j is named', (links, message) => {
    expect(() => checkCosts(declared, { rounds: 12, links }, 3)).toThrow(message);
  });

  test('rounds are named', () => {
    const measured = { ...declared, rounds: 13 };
    expect(() => checkCosts(declared, measured, 0)).toThrow(/took 13 rounds.*declares 12/);
  });
});
