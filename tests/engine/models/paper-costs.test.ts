/** Every model of which only the shape is true has a price on every variant. Papers' rows: tests/papers. */
import { describe, expect, test } from 'vitest';
import { predictCost } from '../../../server/engine/execute.ts';
import { lengthRange } from '../../../server/engine/models/registry.ts';
import { variantDescriptions } from '../../../server/engine/protocols/registry.ts';
import { shapeModels } from '../../../server/zoo/shape-models.ts';

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
