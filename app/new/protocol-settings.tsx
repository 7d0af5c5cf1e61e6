'use client';
/**
 * What lies inside a protocol variant, field by field: what the variant has, what can stand in its place,
 * and why something else cannot. A changed field makes a custom variant, which is named here.
 */
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import {
  comparisonIds,
  changedSettings,
  customParts,
  largestProduct,
  localFailure,
  mixtureNote,
  reasonAgainstStep,
  stepNames,
  stepTexts,
  truncationIds,
  variantName,
  variantSteps,
  type StepField,
} from '../../server/api/schemas/spec-steps.ts';
import { correlationsIds, variantIds } from '../../server/api/schemas/spec-ids.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { formatCount, formatSignificant } from '../../server/api/schemas/format.ts';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import { inputOrder } from './block.tsx';
import classes from './protocol-settings.module.css';

type Protocol = SpecDraft['protocol'];

interface ProtocolSettingsProps {
  readonly catalog: Catalog;
  readonly value: Protocol;
  readonly errorOf: (field: string) => string | undefined;
  readonly changed: (read: (from: SpecDraft) => unknown) => boolean;
  readonly fractionBits: ReactNode;
  /** Truncations expected to be wrong in one batch; null where it is not known. */
  readonly failures: number | null;
  readonly onChange: (protocol: Protocol) => void;
}

const choices = { truncation: truncationIds, comparison: comparisonIds } as const;
const labels = { truncation: 'Truncation', comparison: 'Comparison circuit' } as const;

export function ProtocolSettings(props: ProtocolSettingsProps) {
  const { catalog, value, errorOf, changed, fractionBits, failures, onChange } = props;
  const entry = catalog.protocols.find(({ id }) => id === value.variant);
  const variant = variantIds.find((id) => id === value.variant);
  if (entry === undefined || variant === undefined) return fractionBits;
  // Fraction bits may be half typed; names and margins then speak of the variant's own.
  const bits = value.ring.fractionBits;
  const fraction = typeof bits === 'number' ? bits : entry.defaultFractionBits;
  const protocol = {
    ...value,
    variant,
    ring: { bits: 64, fractionBits: fraction },
  } as RunSpec['protocol'];
  const own = variantSteps[variant];
  const parts = customParts(protocol);
  const mixed = changedSettings(protocol).length > 0;

  const put = (field: StepField, step: string): void => {
    const { [field]: _before, ...rest } = value;
    onChange(step === own[field][0] ? rest : { ...rest, [field]: step });
  };
  const stepField = (field: StepField) => {
    const chosen = value[field] ?? own[field][0] ?? '';
    return (
      <NativeSelect
        id={`field-protocol.${field}`}
        label={labels[field]}
        description={stepTexts[chosen as keyof typeof stepTexts] ?? ''}
        inputWrapperOrder={inputOrder}
        value={chosen}
        error={errorOf(`protocol.${field}`)}
        data-changed={changed((d) => d.protocol[field]) || undefined}
        onChange={(event) => put(field, event.currentTarget.value)}
      >
        {choices[field].map((step) => {
          const reason = reasonAgainstStep(variant, step);
          const mine = step === own[field][0] ? ' (own)' : '';
          return (
            <option key={step} value={step} disabled={reason !== null}>
              {stepNames[step]}
              {reason === null ? mine : `: ${reason}`}
            </option>
          );
        })}
      </NativeSelect>
    );
  };
  const truncation = value.truncation ?? own.truncation[0];
  return (
    <fieldset className={classes.settings}>
      <legend>Settings of the protocol</legend>
      <dl className={classes.facts}>
        <div>
          <dt>Parties</dt>
          <dd>
            {entry.parties}
            {entry.needsCorrelations && value.correlations === 'dealer' ? ' and a dealer' : ''}
          </dd>
        </div>
        <div>
          <dt>Trust</dt>
          <dd>{entry.trust}</dd>
        </div>
        <div>
          <dt>Correlations</dt>
          <dd>
            {entry.needsCorrelations
              ? 'Dealt; by whom is chosen above'
              : 'None from outside: the three parties make their own from shared keys'}
          </dd>
        </div>
      </dl>
      <div className={classes.fields}>
        <NativeSelect
          label="Ring"
          description="Numbers modulo 2 to this power"
          inputWrapperOrder={inputOrder}
          value="64"
          onChange={() => undefined}
        >
          <option value="64">64 bits</option>
          <option value="32" disabled>
            32 bits: products of these models leave the ring
          </option>
        </NativeSelect>
        {fractionBits}
        {stepField('truncation')}
        {stepField('comparison')}
        {value.weights !== undefined && (
          <NativeSelect
            id="field-protocol.weights"
            label="Weights"
            description="Uniform ones are drawn and forgotten: timing only"
            inputWrapperOrder={inputOrder}
            value={value.weights}
            error={errorOf('protocol.weights')}
            data-changed={changed((d) => d.protocol.weights) || undefined}
            onChange={() => {
              const { weights: _uniform, ...rest } = value;
              onChange(rest);
            }}
          >
            <option value="uniform">uniform</option>
            <option value="shared">shared by their owner</option>
          </NativeSelect>
        )}
      </div>
      <output className={classes.name}>
        {parts.length === 0 ? (
          <>
            <b>{variant}</b>, as it is.
          </>
        ) : (
          <>
            Custom variant: <b>{variantName(protocol)}</b>.{' '}
            <button
              type="button"
              onClick={() => {
                const { truncation: _t, comparison: _c, weights: _w, ...rest } = value;
                const ring = { ...value.ring, fractionBits: entry.defaultFractionBits };
                onChange({ ...rest, correlations: correlationsIds[0], ring });
              }}
            >
              Back to {variant}
            </button>
          </>
        )}
        <span className={classes.margin}>
          Before it is truncated a product may be as large as{' '}
          {formatCount(largestProduct(fraction))}; beyond that it wraps around.{' '}
          {truncation === 'local' &&
            `A local truncation of a value of size 1 is wrong by the whole ring with probability 1 in ${formatCount(1 / localFailure(fraction))}. `}
          {failures !== null &&
            failures > 0 &&
            `In one batch about ${formatSignificant(failures, 2)} of them are expected to be wrong, if values are of size 1 on average. `}
          {mixed &&
            `The conformance tests hold every choice of truncation and comparison that is offered here to the same values, declared bytes and announced openings as the variants, and every run of it is held to them again. The threat model above says what the changed steps show. ${mixtureNote}`}
        </span>
      </output>
    </fieldset>
  );
}
