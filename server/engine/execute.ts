/** The one door into the engine: what each role runs, the run in the clear, and the price of a plan. */
export { executeParty, type PartyArguments, type PartyProgress } from './run-party.ts';
export type { DealtAhead } from './correlations/dealt-ahead.ts';
export { executePartyOffline, type PartyOfflineArguments } from './run-party-offline.ts';
export { executeDealer, type DealerArguments } from './run-dealer.ts';
export { executeOwner, type OwnerArguments } from './run-owner.ts';
export { executeClear, type ClearArguments } from './run-clear.ts';
export { executeTwin, type TwinArguments, type TwinLogits } from './run-twin.ts';
export type { PlaceError } from './protocols/registry.ts';
export { predictCost } from './cost/predict.ts';
export { predictMemory, type MemoryReport } from './cost/memory.ts';
export { correlationsOf, partiesOf } from './protocols/registry.ts';
