'use client';
/** What the results show: a saved view or the default one, and what was changed of it, in the address. */
import { useCallback, useEffect, useState } from 'react';
import { defaultView } from '../../server/api/schemas/results-default-view.ts';
import type { SavedView, ViewState } from '../../server/api/schemas/results-view.ts';
import { differs, readAddress, writeAddress, type Edits } from './address.ts';

export interface ResultsView {
  readonly state: ViewState;
  readonly active: SavedView | null;
  /** The address names a view that there is not. */
  readonly missing: boolean;
  readonly changed: boolean;
  readonly edit: (part: Edits) => void;
  /** Another view, or the default one, without changes. */
  readonly open: (id: string | null) => void;
}

/** @param views undefined until they are known */
export function useResultsView(
  query: URLSearchParams,
  views: readonly SavedView[] | undefined,
): ResultsView {
  const [{ view, edits }, setAddress] = useState(() => readAddress(query));
  const active = views?.find(({ id }) => id === view) ?? null;
  const base = active?.state ?? defaultView;
  const state: ViewState = { ...base, ...edits };
  const ready = view === null || views !== undefined;
  const address = writeAddress(active?.id ?? null, state, base);
  useEffect(() => {
    if (ready) window.history.replaceState(window.history.state, '', address);
  }, [ready, address]);
  const edit = useCallback(
    (part: Edits) => setAddress((now) => ({ ...now, edits: { ...now.edits, ...part } })),
    [],
  );
  const open = useCallback((id: string | null) => setAddress({ view: id, edits: {} }), []);
  const missing = view !== null && views !== undefined && active === null;
  return { state, active, missing, changed: differs(state, base), edit, open };
}
