/** The threat models against the variants that exist, and SECURITY.md against both. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { threatModels } from '../../server/engine/protocols/threat-model.ts';
import { threatSections } from '../../server/engine/protocols/threat-text.ts';

const security = readFileSync('SECURITY.md', 'utf8');
const variants = [...variantDescriptions.map(({ id }) => id), 'clear'] as const;

describe.each(variants)('%s', (id) => {
  const models = threatModels.filter(({ variant }) => variant === id);
  const description = variantDescriptions.find((variant) => variant.id === id);

  it('has one threat model per source of correlations', () => {
    expect(models.map(({ correlations }) => correlations)).toEqual(
      description?.needsCorrelations === true ? ['dealer', 'insecureFirstParty'] : [null],
    );
  });

  it('names every role that takes part', () => {
    for (const { roles, correlations } of models) {
      const parties = Array.from(
        { length: description?.parties ?? 0 },
        (_, index) => `party ${index}`,
      );
      expect(roles.map(({ role }) => role)).toEqual([
        'owner',
        ...parties,
        ...(correlations === 'dealer' ? ['dealer'] : []),
      ]);
    }
  });

  it('has its paragraph and its line in SECURITY.md', () => {
    expect(security).toContain(`### What a curious party of \`${id}\` sees\n`);
    expect(security).toMatch(new RegExp(`^\\| \`${id}\` \\|`, 'm'));
  });
});

test('SECURITY.md says what the data says', () => {
  const [, block] = /<!-- threat:start -->\n\n([\s\S]*)\n<!-- threat:end -->/.exec(security) ?? [];
  const command = 'node benchmarks/security/write-security.ts';
  expect(block, `SECURITY.md is stale: ${command}`).toBe(threatSections(threatModels));
});

test('SECURITY.md describes no variant that does not exist', () => {
  const headings = [...security.matchAll(/^### What a curious party of `([^`]+)` sees$/gm)];
  expect(new Set(headings.map(([, id]) => id))).toEqual(new Set(variants));
});

test('a source of correlations without privacy warns, and says that one party is too many', () => {
  for (const model of threatModels) {
    const insecure = model.correlations === 'insecureFirstParty' || model.variant === 'clear';
    expect(model.warning === null, `${model.variant} ${model.correlations}`).toBe(!insecure);
    expect(model.collusion.mayCollude > 0).toBe(!insecure);
  }
  expect(security).toContain('### What `correlations: insecureFirstParty` gives up');
});

test('only local truncation fails within its range', () => {
  const failing = threatModels.filter(({ numericalFailures }) =>
    numericalFailures.some((text) => text.startsWith('Local truncation')),
  );
  expect(new Set(failing.map(({ variant }) => variant))).toEqual(new Set(['additive/crypten']));
});
