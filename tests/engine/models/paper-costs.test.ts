/** The rows that papers print, by the cost model alone: bytes within what is known of their counting. */
import { describe, expect, test } from 'vitest';
import {
  compareMpcformer,
  compareMpcvit,
  comparePuma,
} from '../../../benchmarks/papers/cost-rows.ts';
import { mpcformerRows, mpcvitRows, pumaRows } from '../../../benchmarks/papers/published.ts';
import { predictCost } from '../../../server/engine/execute.ts';
import { lengthRange } from '../../../server/engine/models/registry.ts';
import { variantDescriptions } from '../../../server/engine/protocols/registry.ts';
import { shapeModels } from '../../../server/zoo/shape-models.ts';

describe('PUMA, tables 3 to 6: reported over model between .93 and .99', () => {
  test.each(pumaRows)('$table $model $lengths', async (row) => {
    const { ratio } = await comparePuma(row);
    expect(ratio).toBeGreaterThan(0.93);
    expect(ratio).toBeLessThan(0.99);
  });
});

describe('MPCFormer on CrypTen: within 2 %, rounds exact', () => {
  test.each(mpcformerRows)('$table $size $length $softmax $gelu', async (row) => {
    const { ratio, rounds, reportedRounds } = await compareMpcformer(row);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
    if (reportedRounds !== null) expect(rounds).toBe(reportedRounds);
  });
});

describe("MPCViT on SEMI2K: the scores' bytes, to the last digit known", () => {
  test.each(mpcvitRows)('$model $heads', async ({ reported, ...row }) => {
    const { scoresMB } = await compareMpcvit({ reported, ...row });
    const lastDigit = reported < 1 ? 0.01 : 0.1;
    expect(Math.abs(scoresMB - reported)).toBeLessThanOrEqual(0.51 * lastDigit);
  });
});

describe('every shape model has a price on every variant', () => {
  test.each(shapeModels)('$id', async ({ config }) => {
    const [least, most] = lengthRange(config);
    for (const { id, parties } of variantDescriptions) {
      const cost = await predictCost(
        {
          variant: id,
          ring: { bits: 64, fractionBits: 16 },
          model: config,
          approximations: { gelu: 'puma', softmax: 'puma' },
          length: Math.max(least, Math.min(8, most)),
        },
        1,
      );
      expect(cost.onlineBytesSent).toHaveLength(parties);
      expect(Math.min(...cost.onlineBytesSent)).toBeGreaterThan(1e6);
      expect(cost.rows.some(({ path }) => path.startsWith(`layer${config.layers - 1}.`))).toBe(
        true,
      );
    }
  });
});
