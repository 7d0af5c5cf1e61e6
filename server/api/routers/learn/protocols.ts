/** Every protocol variant with its description and its threat model, for the pages that explain them. */
import { variantDescriptions } from '../../../engine/protocols/registry.ts';
import { threatModels, type ThreatModel } from '../../../engine/protocols/threat-model.ts';
import type { VariantId } from '../../../engine/plan.ts';
import { linesOfSteps, variantSteps } from '../../../engine/protocols/variant-steps.ts';
import { procedure } from '../../trpc.ts';

export type { ThreatModel };

/** A step that may stand in place of the variant's own, and what it changes in the threat model. */
export interface ProtocolStep {
  readonly field: 'truncation' | 'comparison';
  readonly step: string;
  /** What parties see in it, as the run itself holds them to. */
  readonly sees: readonly string[];
  /** What comes out wrong unnoticed, in place of what the variant's own step says; null: as before. */
  readonly failure: string | null;
}

export interface ProtocolEntry {
  /** As a spec writes it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Paper, or the system that it follows. */
  readonly source: string;
  readonly parties: number;
  readonly needsCorrelations: boolean;
  /** One per source of correlations; the first is the default. */
  readonly threats: readonly ThreatModel[];
  /** Steps that are not its own; none where nothing can be replaced. */
  readonly steps: readonly ProtocolStep[];
}

/** Every truncation but the local one is exact to a unit in the last place; this variant has no other. */
const exactFailure =
  threatModels.find(({ variant }) => variant === 'additive/semi2k')?.numericalFailures[0] ?? null;

function stepsOf(variant: VariantId): ProtocolStep[] {
  if (variant === 'clear') return [];
  const { truncation, comparison } = variantSteps[variant];
  const sees = (choice: Parameters<typeof linesOfSteps>[0]): string[] => [
    ...new Set(linesOfSteps(choice).map(({ text }) => text)),
  ];
  return [
    ...truncation.slice(1).map((step) => ({
      field: 'truncation' as const,
      step,
      sees: sees({ variant, truncation: step }),
      failure: exactFailure,
    })),
    ...comparison.slice(1).map((step) => ({
      field: 'comparison' as const,
      step,
      sees: sees({ variant, comparison: step }),
      failure: null,
    })),
  ];
}

const clear = {
  id: 'clear',
  title: 'In the open',
  description:
    'The same fixed-point arithmetic and functions on the values themselves: what a secure run is compared with.',
  source: 'the yardstick of every run here',
  parties: 1,
  needsCorrelations: false,
} as const;

export const protocolEntries: readonly ProtocolEntry[] = [...variantDescriptions, clear].map(
  ({ id, title, description, source, parties, needsCorrelations }) => ({
    id,
    title,
    description,
    source,
    parties,
    needsCorrelations,
    threats: threatModels.filter(({ variant }) => variant === id),
    steps: stepsOf(id),
  }),
);

export const protocols = procedure.query(() => protocolEntries);
