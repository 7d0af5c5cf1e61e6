/** Types of prepare.mjs. */
export function buildAddon(): Promise<string>;
export function generateClient(): Promise<boolean>;
export function linkCommand(): Promise<boolean>;
export interface PagesState {
  readonly stale: boolean;
  readonly hash: string;
  readonly stamp: string;
}
export function checkPages(): Promise<PagesState>;
export function buildPages(state: PagesState): Promise<void>;
