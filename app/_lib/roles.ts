/** Which roles a run has, from its spec alone. */
import { correlationsOfSpec, needsCorrelations } from '../../server/api/schemas/spec-ids.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';

export function partyCountOf({ protocol }: RunSpec): number {
  return needsCorrelations(protocol.variant) ? 2 : 3;
}

export function hasDealer(spec: RunSpec): boolean {
  return correlationsOfSpec(spec) === 'dealer';
}

/** "2 parties and a dealer". */
export function rolesInWords(parties: number, dealer: boolean): string {
  const words = parties === 1 ? 'one process' : `${parties} parties`;
  return dealer ? `${words} and a dealer` : words;
}

/** Link names as data has them (`dealer>0`, `0>1`) in words. */
export function linkName(link: string): string {
  return link.replace('>', ' → ');
}
