/** Every protocol variant with its description and its threat model, for the pages that explain them. */
import { variantDescriptions } from '../../../engine/protocols/registry.ts';
import { threatModels, type ThreatModel } from '../../../engine/protocols/threat-model.ts';
import { procedure } from '../../trpc.ts';

export type { ThreatModel };

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
  }),
);

export const protocols = procedure.query(() => protocolEntries);
