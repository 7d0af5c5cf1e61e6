'use client';
/** Networks that were saved under a name: opened in the form, taken as JSON, added from JSON, deleted. */
import { Button, Textarea } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { formatBitRate, formatRoundTrip } from '../../../server/api/schemas/format.ts';
import {
  normaliseNetwork,
  unlimitedBitsPerSecond,
} from '../../../server/api/schemas/network-limits.ts';
import type { NetworkSpec } from '../../../server/api/schemas/network-spec.ts';
import type { Catalog } from '../../../server/api/schemas/catalog-view.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Panel } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { useRemoveNetwork, useSaveNetwork } from '../../_lib/api-networks.ts';
import { networkOf } from '../../_lib/spec-query.ts';
import tables from '../../_run/run-view.module.css';
import classes from './networks.module.css';

type Entry = Catalog['networks'][number];

/** As it stands in a run spec; what another server takes. */
function jsonOf(entry: Entry): string {
  return JSON.stringify(normaliseNetwork(networkOf(entry) as NetworkSpec), null, 2);
}

export function SavedNetworks({ networks }: { readonly networks: Catalog['networks'] }) {
  const saved = networks.filter(({ basis }) => basis === 'saved');
  return (
    <Panel
      title="Saved here"
      note="Networks of one’s own, for everybody who uses this server. The JSON of one is what another server takes, and what a run spec holds."
    >
      {saved.length === 0 ? (
        <p>
          None yet. <Link href="/new?network=custom">Set one up in the form</Link>, choose Custom
          and save it, or add one from JSON below.
        </p>
      ) : (
        <SavedTable saved={saved} />
      )}
      <AddFromJson />
    </Panel>
  );
}

function SavedTable({ saved }: { readonly saved: readonly Entry[] }) {
  const remove = useRemoveNetwork();
  return (
    <>
      <Scroll label="Saved networks">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Rate</th>
              <th scope="col">RTT</th>
              <th scope="col">Backend</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {saved.map((entry) => (
              <tr key={entry.id}>
                <th scope="row">
                  <Link href={`/new?network=${entry.id}`}>{entry.id}</Link>
                </th>
                <td>
                  {entry.bitsPerSecond >= unlimitedBitsPerSecond
                    ? 'no limit'
                    : formatBitRate(entry.bitsPerSecond)}
                </td>
                <td>{formatRoundTrip(entry.rttMs)}</td>
                <td>{entry.backend}</td>
                <td>
                  <div className={classes.actions}>
                    <CopyButton value={jsonOf(entry)} label="Copy JSON" />
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Delete ${entry.id}`}
                      loading={remove.isPending && remove.variables === entry.id}
                      onClick={() => remove.mutate(entry.id)}
                    >
                      Delete
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {remove.isError && <p role="alert">{remove.error.message}</p>}
    </>
  );
}

function AddFromJson() {
  const [text, setText] = useState('');
  const [why, setWhy] = useState<string | null>(null);
  const save = useSaveNetwork();
  const error = why ?? (save.isError ? save.error.message : null);
  const add = async (): Promise<void> => {
    const { parseNetworkJson } = await import('../../../server/api/schemas/saved-network.ts');
    const parsed = parseNetworkJson(text);
    setWhy('why' in parsed ? parsed.why : null);
    save.reset();
    if ('network' in parsed) save.mutate(parsed.network, { onSuccess: () => setText('') });
  };
  return (
    <form
      className={classes.add}
      aria-label="Add a network"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Textarea
        label="From JSON"

        rows={4}
        value={text}
        placeholder={
          '{ "name": "my-lab", "backend": "inline", "bitsPerSecond": 1000000000, "rttMs": 2, "topology": "pair" }'
        }
        onChange={(event) => setText(event.currentTarget.value)}
        error={error}
      />
      <div className={classes.actions}>
        <Button
          type="submit"
          size="xs"
          variant="default"
          disabled={text.trim() === ''}
          loading={save.isPending}
        >
          Add
        </Button>
        <output>{save.isSuccess ? `Saved as ${save.data.name}.` : ''}</output>
      </div>
    </form>
  );
}
