'use client';
/**
 * The check of a draft, whose schema is a third of the form's code: fetched at the first touch, or at once
 * where the draft is no preset as it ships. Those are right, and need none.
 */
import { useEffect, useMemo, useState } from 'react';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { draftOf, type Issue, type SpecDraft } from './spec-draft.ts';

export interface Checked {
  /** Null while something is wrong, or nothing is known yet. */
  readonly spec: RunSpec | null;
  readonly issues: readonly Issue[];
}

type Check = (draft: SpecDraft, catalog: Catalog) => Checked;

let loaded: Check | null = null;

export async function loadCheck(): Promise<Check> {
  loaded ??= (await import('./check-draft.ts')).checkDraft;
  return loaded;
}

/** Equal for equal drafts, whatever order their fields were written in. */
const textOf = (draft: SpecDraft): string =>
  JSON.stringify(draft, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const unknown: Checked = { spec: null, issues: [] };

/** @returns a new function whenever its answers may differ */
export function useCheck(catalog: Catalog, draft: SpecDraft): (draft: SpecDraft) => Checked {
  const [check, setCheck] = useState(() => loaded);
  const shipped = useMemo(
    () => new Map(catalog.presets.map(({ spec }) => [textOf(draftOf(spec)), spec])),
    [catalog],
  );
  const isShipped = shipped.has(textOf(draft));
  useEffect(() => {
    if (check !== null) return;
    // That it could not be fetched is said when somebody asks to run.
    const load = (): void =>
      void loadCheck().then(
        (found) => setCheck(() => found),
        () => {},
      );
    if (!isShipped) {
      load();
      return;
    }
    const touches = ['pointerdown', 'keydown', 'focusin'] as const;
    for (const touch of touches) window.addEventListener(touch, load, { once: true });
    return () => {
      for (const touch of touches) window.removeEventListener(touch, load);
    };
  }, [check, isShipped]);
  return useMemo(
    () =>
      (asked): Checked => {
        if (check !== null) return check(asked, catalog);
        const spec = shipped.get(textOf(asked));
        return spec === undefined ? unknown : { spec, issues: [] };
      },
    [check, catalog, shipped],
  );
}
