'use client';
/** The button of the comparison's files; its menu is fetched when it is first opened. */
import { lazy } from 'react';
import type { CompareState } from '../../server/api/schemas/compare-address.ts';
import { Icon } from '../_components/icon.tsx';
import { OnDemand } from '../_components/on-demand.tsx';

const ExportFiles = lazy(() => import('./export-files.tsx'));

export function ExportComparison({ state }: { readonly state: CompareState }) {
  return (
    <OnDemand
      variant="default"
      size="xs"
      opens="menu"
      leftSection={<Icon name="download" size={14} />}
      label="Export"
    >
      <ExportFiles state={state} />
    </OnDemand>
  );
}
