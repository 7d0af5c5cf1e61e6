/** A draft's protocol with another variant: what the new one cannot have goes, what it needs comes. */
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { correlationsIds } from '../../server/api/schemas/spec-ids.ts';
import type { SpecDraft } from './spec-draft.ts';

/** Another variant: its own fraction bits unless others were chosen, and a dealer where it needs one. */
export function withVariant(
  before: SpecDraft['protocol'],
  variant: string,
  { protocols }: Catalog,
): SpecDraft['protocol'] {
  const old = protocols.find(({ id }) => id === before.variant);
  const chosen = protocols.find(({ id }) => id === variant);
  // Steps that were put in place of the old variant's are not meant for the new one.
  const { ring, correlations } = before;
  const untouched = old === undefined || ring.fractionBits === old.defaultFractionBits;
  return {
    variant,
    correlations: chosen?.needsCorrelations === true ? correlations : correlationsIds[0],
    ring: {
      ...ring,
      fractionBits:
        untouched && chosen !== undefined ? chosen.defaultFractionBits : ring.fractionBits,
    },
  };
}
