'use client';
/** Who computes, who deals, how fine the numbers are, where randomness comes from; and what that protects. */
import { NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { warningTexts } from '../../server/api/schemas/warnings.ts';
import { Notice } from '../_components/states.tsx';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import { withVariant } from '../_lib/protocol-draft.ts';
import { ProtocolThreat } from '../_protocols/protocol-threat.tsx';
import { inputOrder } from './block.tsx';
import { Choices } from './choices.tsx';
import { ProtocolSettings } from './protocol-settings.tsx';
import classes from './new-run.module.css';

interface ProtocolFieldsProps {
  readonly catalog: Catalog;
  readonly form: UseFormReturnType<SpecDraft>;
  readonly errorOf: (field: string) => string | undefined;
  readonly changed: (read: (from: SpecDraft) => unknown) => boolean;
  readonly fractionBits: ReactNode;
  /** Truncations expected to be wrong in one batch; null where it is not known. */
  readonly failures: number | null;
}

export function ProtocolFields(props: ProtocolFieldsProps) {
  const { catalog, form, errorOf, changed, fractionBits, failures } = props;
  const { protocol, seed } = form.values;
  const entry = catalog.protocols.find(({ id }) => id === protocol.variant);
  const dealt = entry?.needsCorrelations === true;
  const correlationsError = errorOf('protocol.correlations');
  return (
    <>
      <Choices
        label="Who computes, and who is trusted"
        field="protocol.variant"
        compact
        value={protocol.variant}
        error={errorOf('protocol.variant')}
        changed={changed((d) => d.protocol.variant)}
        choices={catalog.protocols.map(({ id, title, description, source, trust }) => ({
          id,
          title,
          description: `${description} ${trust}`,
          source,
        }))}
        onChange={(id) => form.setFieldValue('protocol', withVariant(protocol, id, catalog))}
      />
      {(dealt || correlationsError !== undefined) && (
        <Choices
          label="Who deals the correlated randomness"
          field="protocol.correlations"
          wide
          value={protocol.correlations}
          error={correlationsError}
          changed={changed((d) => d.protocol.correlations)}
          choices={catalog.correlations.map(({ id, title, description, source }) => ({
            id,
            title,
            description,
            source,
          }))}
          onChange={(id) => form.setFieldValue('protocol.correlations', id)}
        />
      )}
      <ProtocolThreat
        variant={protocol.variant}
        correlations={dealt ? protocol.correlations : null}
        truncation={protocol.truncation}
        comparison={protocol.comparison}
      />
      <ProtocolSettings
        catalog={catalog}
        value={protocol}
        errorOf={errorOf}
        changed={changed}
        fractionBits={fractionBits}
        failures={failures}
        onChange={(next) => form.setFieldValue('protocol', next)}
      />
      <div className={classes.fields}>
        <NativeSelect
          label="Seeds"
          description={
            seed.kind === 'random'
              ? 'From the operating system'
              : 'Repeatable, and therefore not private'
          }
          inputWrapperOrder={inputOrder}
          data={[
            { value: 'random', label: 'Random' },
            { value: 'insecure', label: 'Fixed, insecure' },
          ]}
          value={seed.kind}
          onChange={(event) =>
            form.setFieldValue(
              'seed',
              event.currentTarget.value === 'insecure'
                ? { kind: 'insecure', value: '1' }
                : { kind: 'random', value: '' },
            )
          }
        />
        {seed.kind === 'insecure' && (
          <TextInput
            id="field-seed.value"
            label="Seed"
            {...form.getInputProps('seed.value')}
            error={errorOf('seed.value')}
          />
        )}
      </div>
      {seed.kind === 'insecure' && <Notice tone="bad">{warningTexts.insecureSeed}</Notice>}
    </>
  );
}
