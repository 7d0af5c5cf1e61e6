'use client';
/** The button of the table's files; its menu is fetched when it is first opened. */
import { lazy } from 'react';
import { Icon } from '../_components/icon.tsx';
import { OnDemand } from '../_components/on-demand.tsx';
import type { ExportMenuProps } from './export-files.tsx';

const ExportFiles = lazy(() => import('./export-files.tsx'));

export function ExportMenu(props: ExportMenuProps) {
  return (
    <OnDemand
      variant="default"
      size="xs"
      opens="menu"
      leftSection={<Icon name="download" size={14} />}
      label={(props.only ?? []).length > 0 ? 'Export selected' : 'Export'}
    >
      <ExportFiles {...props} />
    </OnDemand>
  );
}
