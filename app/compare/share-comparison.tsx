'use client';
/** The button that publishes a comparison; its form is fetched when it is first opened. */
import { lazy } from 'react';
import { Icon } from '../_components/icon.tsx';
import { OnDemand } from '../_components/on-demand.tsx';
import type { ShareComparisonProps } from './share-form.tsx';

const ShareForm = lazy(() => import('./share-form.tsx'));

export function ShareComparison(props: ShareComparisonProps) {
  return (
    <OnDemand
      size="xs"
      variant="default"
      opens="dialog"
      leftSection={<Icon name="link" size={14} />}
      label="Share"
    >
      <ShareForm {...props} />
    </OnDemand>
  );
}
