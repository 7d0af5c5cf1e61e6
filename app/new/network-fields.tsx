'use client';
/** Which link the roles get: named ones with their source and their trap, or one's own. */
import { NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import Link from 'next/link';
import { lazy, Suspense, useState } from 'react';
import { defaultOverhead } from '../../server/api/schemas/network-limits.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { NumberField } from '../_components/number-field.tsx';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import { useBackends } from '../_lib/api-networks.ts';
import {
  asCustom,
  reasonAgainstNetwork,
  reasonAgainstTopology,
  withBackend,
} from '../_lib/network-draft.ts';
import { networkOf, profileOf } from '../_lib/spec-query.ts';
import { inputOrder } from './block.tsx';
import { Choices } from './choices.tsx';
import classes from './new-run.module.css';

const SaveNetwork = lazy(() => import('./save-network.tsx'));

type Network = SpecDraft['network'];

interface NetworkFieldsProps {
  readonly catalog: Catalog;
  readonly form: UseFormReturnType<SpecDraft>;
  readonly errorOf: (field: string) => string | undefined;
  readonly changed: (read: (from: SpecDraft) => unknown) => boolean;
}

const mega = 1e6;

const backendChoices = [
  { value: 'inline', label: 'Inline: no privileges, exact' },
  { value: 'kernel', label: 'Kernel: real TCP, Linux' },
  { value: 'none', label: 'None: nothing is imposed' },
];
const topologies = [
  { value: 'pair', label: 'A link for every direction of every pair' },
  { value: 'nic', label: 'One network card for each role' },
  { value: 'shared', label: 'One queue for all, as tc on lo' },
];
const tcpModes = [
  { value: 'warm', label: 'Warm: rate and delay alone' },
  { value: 'cubic', label: 'Cold: slow start modelled' },
];

export function NetworkFields({ catalog, form, errorOf, changed }: NetworkFieldsProps) {
  const { network } = form.values;
  const profile = profileOf(network, catalog);
  const [custom, setCustom] = useState(profile === undefined);
  const own = custom || profile === undefined;
  const kernelFault = useKernelFault();
  const protocol = catalog.protocols.find(({ id }) => id === form.values.protocol.variant);
  const reasonOf = (id: string): string | null => {
    const entry = catalog.networks.find((one) => one.id === id);
    return entry === undefined ? null : reasonAgainstNetwork(entry, protocol, kernelFault);
  };
  const set = (fields: Partial<Network>): void =>
    form.setFieldValue('network', { ...network, ...fields });
  return (
    <>
      <Choices
        compact
        label="Link between the parties"
        field="network"
        first={6}
        value={own ? 'custom' : profile.id}
        error={errorOf('network') ?? (own ? undefined : fieldErrors(errorOf))}
        changed={changed((d) => d.network)}
        choices={[
          ...catalog.networks.map(({ id, title, description, source, trap }) => ({
            id,
            title,
            description: trap === null ? description : `${description} Mind: ${trap}`,
            source,
            reason: reasonOf(id),
          })),
          {
            id: 'custom',
            title: 'Custom',
            description:
              'Your own rate and round-trip time. The address of this page holds it: keep it as a bookmark, or share it.',
            source: null,
          },
        ]}
        onChange={(id) => {
          const chosen = catalog.networks.find((entry) => entry.id === id);
          setCustom(chosen === undefined);
          form.setFieldValue(
            'network',
            chosen === undefined ? asCustom(network) : networkOf(chosen),
          );
        }}
      />
      <p>
        <Link href="/learn/networks">How a link is imposed and certified</Link>
      </p>
      {own && (
        <div className={classes.fields}>
          <NumberField
            id="field-network.bitsPerSecond"
            label="Rate, Mbit/s"
            description="Of the wire, in each direction"
            inputWrapperOrder={inputOrder}
            value={scaled(network.bitsPerSecond, 1 / mega)}
            onChange={(value) => set({ bitsPerSecond: scaled(value, mega) })}
            error={errorOf('network.bitsPerSecond')}
          />
          <NumberField
            id="field-network.rttMs"
            label="RTT, ms"
            description="There and back; tc wants half of it per direction"
            inputWrapperOrder={inputOrder}
            value={network.rttMs}
            onChange={(rttMs) => set({ rttMs })}
            error={errorOf('network.rttMs')}
          />
          <TextInput
            id="field-network.name"
            label="Name"
            description="How results call it"
            inputWrapperOrder={inputOrder}
            {...form.getInputProps('network.name')}
            error={errorOf('network.name')}
          />
          <LinkKind
            network={network}
            set={set}
            replace={(next) => form.setFieldValue('network', next)}
            errorOf={errorOf}
          />
          <Suspense fallback={null}>
            <SaveNetwork network={network} />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** Why nothing that needs the kernel backend can be chosen on this machine; null where it can. */
export const useKernelFault = (): string | null =>
  useBackends().data?.find(({ id }) => id === 'kernel')?.why ?? null;

/** What is wrong with a named link, whose fields are not shown. */
const fieldErrors = (errorOf: NetworkFieldsProps['errorOf']): string | undefined =>
  ['backend', 'bitsPerSecond', 'rttMs', 'topology', 'tcp', 'overhead', 'matrix']
    .map((field) => errorOf(`network.${field}`))
    .find((error) => error !== undefined);

interface LinkKindProps {
  readonly network: Network;
  readonly set: (fields: Partial<Network>) => void;
  readonly replace: (network: Network) => void;
  readonly errorOf: NetworkFieldsProps['errorOf'];
}

/** Who imposes it, who shares it, and what TCP adds. */
function LinkKind({ network, set, replace, errorOf }: LinkKindProps) {
  const { backend, topology, tcp = 'warm', overhead = defaultOverhead, matrix } = network;
  const inline = backend === 'inline';
  const why = useKernelFault();
  return (
    <>
      <NativeSelect
        id="field-network.backend"
        label="Backend"
        description={why === null ? 'Who imposes the link' : `Not on this machine: ${why}`}
        inputWrapperOrder={inputOrder}
        data={backendChoices.map(({ value, label }) => ({
          value,
          label,
          disabled: value === 'kernel' && why !== null,
        }))}
        value={backend}
        onChange={(event) => replace(withBackend(network, event.currentTarget.value))}
        error={errorOf('network.backend')}
      />
      <NativeSelect
        id="field-network.topology"
        label="Topology"
        description="Who shares a rate"
        inputWrapperOrder={inputOrder}
        data={topologies.map((one) => {
          const reason = reasonAgainstTopology(backend, one.value);
          return {
            value: one.value,
            label: reason === null ? one.label : `${one.label}: ${reason}`,
            disabled: reason !== null,
          };
        })}
        value={topology}
        onChange={(event) => set({ topology: event.currentTarget.value })}
        error={errorOf('network.topology')}
      />
      {inline && (
        <NativeSelect
          id="field-network.tcp"
          label="TCP"
          description="Real cold connections take several round trips to reach the rate"
          inputWrapperOrder={inputOrder}
          data={tcpModes}
          value={tcp}
          onChange={(event) => set({ tcp: event.currentTarget.value })}
          error={errorOf('network.tcp')}
        />
      )}
      {inline && (
        <NumberField
          id="field-network.overhead"
          label="Header overhead"
          description="Wire bytes charged per payload byte"
          inputWrapperOrder={inputOrder}
          value={overhead}
          onChange={(value) => set({ overhead: value })}
          error={errorOf('network.overhead')}
        />
      )}
      {(matrix !== undefined || errorOf('network.matrix') !== undefined) && (
        <TextInput
          id="field-network.matrix"
          label="Matrix"
          description="Link by link, from the address"
          inputWrapperOrder={inputOrder}
          readOnly
          value={JSON.stringify(matrix)}
          error={errorOf('network.matrix')}
        />
      )}
    </>
  );
}

/** A number times a factor, without the dust of binary fractions; a text as it is. */
function scaled(value: number | string, factor: number): number | string {
  return typeof value === 'number' ? Number((value * factor).toPrecision(12)) : value;
}
