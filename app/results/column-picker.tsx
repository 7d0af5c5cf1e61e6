'use client';
/** The button of the columns; their list is fetched when it is first opened. */
import { lazy } from 'react';
import { OnDemand } from '../_components/on-demand.tsx';
import type { ColumnPickerProps } from './column-list.tsx';

const ColumnList = lazy(() => import('./column-list.tsx'));

export function ColumnPicker(props: ColumnPickerProps) {
  return (
    <OnDemand variant="default" size="xs" opens="dialog" label="Columns">
      <ColumnList {...props} />
    </OnDemand>
  );
}
