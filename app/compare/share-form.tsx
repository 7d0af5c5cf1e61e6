'use client';
/** Publishes the comparison as it is now; says before copying who will be able to open the link. */
import { Button, NativeSelect, Popover, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { writeChart, type ChartChoice } from '../../server/api/schemas/compare-chart.ts';
import { mostPublished } from '../../server/api/schemas/compare-address.ts';
import { writeUnits, type CompareUnits } from '../../server/api/schemas/compare-units.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Icon } from '../_components/icon.tsx';
import { Notice } from '../_components/states.tsx';
import { useLinkBase, usePublishComparison } from '../_lib/api-compare.ts';
import { isLoopback, loopbackNote } from '../_lib/loopback.ts';
import classes from './compare.module.css';

export interface ShareComparisonProps {
  readonly ids: readonly string[];
  readonly base: string | null;
  readonly units: CompareUnits;
  /** The view of the results that these runs are, where they are one. */
  readonly view?: { readonly name: string; readonly q: string };
  /** Opens with this picture. */
  readonly chart: ChartChoice;
}

const ends = [
  { value: '', label: 'never' },
  { value: '7', label: 'after 7 days' },
  { value: '30', label: 'after 30 days' },
  { value: '365', label: 'after a year' },
];

export default function ShareForm({ ids, base, units, view, chart }: ShareComparisonProps) {
  const [days, setDays] = useState('');
  const publish = usePublishComparison();
  const origin = useLinkBase();
  const picture = writeChart(chart);
  const link =
    publish.data === undefined
      ? null
      : `${origin}${publish.data.path}${picture === '' ? '' : `?chart=${picture}`}`;
  const submit = (): void =>
    publish.mutate({
      ids: [...ids],
      base,
      units: writeUnits(units),
      view: view ?? null,
      expiresInDays: days === '' ? null : Number(days),
    });
  return (
    <Popover position="bottom-end" width={340} withinPortal trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<Icon name="link" size={14} />}>
          Share
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.share}>
        <p>
          Freezes these runs, their numbers and units under an address that nobody can guess. Notes
          and tags stay here. You can take it back at any time.
        </p>
        {isLoopback(origin) && <Notice>{loopbackNote}</Notice>}
        {ids.length > mostPublished && (
          <Notice>A link holds at most {mostPublished} runs; hide or remove some.</Notice>
        )}
        <NativeSelect
          size="xs"
          label="The link ends"
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={ends}
        />
        <Button
          size="xs"
          loading={publish.isPending}
          disabled={ids.length > mostPublished}
          onClick={submit}
        >
          Publish
        </Button>
        {link !== null && publish.data !== undefined && (
          <>
            <TextInput
              size="xs"
              aria-label="Permalink"
              readOnly
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
            <div className={classes.actions}>
              <CopyButton value={link} label="Copy link" />
              <CopyButton
                value={`${origin}${publish.data.path}.svg${picture === '' ? '' : `?chart=${picture}`}`}
                label="Copy the chart’s link"
              />
              <Button
                component="a"
                size="xs"
                variant="default"
                href={`${publish.data.path}.html`}
                download={`parley-${publish.data.slug.slice(0, 8)}.html`}
              >
                Download as one file
              </Button>
            </div>
          </>
        )}
        {publish.error !== null && <Notice tone="bad">{publish.error.message}</Notice>}
        <Link href="/s">All published links</Link>
      </Popover.Dropdown>
    </Popover>
  );
}
