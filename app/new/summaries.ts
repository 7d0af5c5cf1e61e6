/** What is chosen in each part of the form, in one line, and which part a field of the spec stands in. */
import { formatLink, plural } from '../../server/api/schemas/format.ts';
import { approximationName } from '../../server/api/schemas/spec-names.ts';
import { variantName } from '../../server/api/schemas/spec-steps.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { SpecDraft } from '../_lib/spec-draft.ts';

/** Parts by number; 0 is the preset, above all. */
export type Part = 0 | 1 | 2 | 3 | 4 | 5;

export function partOf(field: string): Part {
  if (field === 'preset') return 0;
  if (field.startsWith('approximations')) return 2;
  if (field.startsWith('protocol') || field.startsWith('seed')) return 3;
  if (field.startsWith('network')) return 4;
  if (field.startsWith('measurement') || field === 'dataset.samples' || field === 'sweep') return 5;
  return 1;
}

/** While something is half typed there is no spec; the draft's words then stand as they are. */
export function summaryOf(
  part: Part,
  draft: SpecDraft,
  spec: RunSpec | null,
  catalog: Catalog,
): string {
  switch (part) {
    case 0:
      return '';
    case 1: {
      const model = catalog.models.find(({ id }) => id === draft.model);
      return `${model?.title ?? draft.model}, ${draft.dataset.id}, ${draft.sequenceLength} tokens`;
    }
    case 2:
      return spec === null
        ? `${draft.approximations.gelu}, ${draft.approximations.softmax}`
        : approximationName(spec.approximations);
    case 3:
      return spec === null ? draft.protocol.variant : variantName(spec.protocol);
    case 4:
      return spec === null
        ? draft.network.name
        : `${spec.network.name}: ${formatLink(spec.network)}`;
    case 5:
      return spec === null
        ? `${draft.dataset.samples} samples`
        : `${plural(spec.dataset.samples, 'sample')}, ${spec.measurement.batchSize} a batch, ${plural(spec.measurement.repeats, 'repeat')}`;
  }
}
