'use client';
/** What a protocol protects, in short: beside the choice before a run, and on the run's page. */
import { Failure } from '../_components/states.tsx';
import { useProtocols } from '../_lib/api.ts';
import { ThreatShort } from './threat-short.tsx';

interface ProtocolThreatProps {
  readonly variant: string;
  /** Null where nobody deals. */
  readonly correlations: string | null;
  /** Steps in place of the variant's own; absent where there are none. */
  readonly truncation?: string | undefined;
  readonly comparison?: string | undefined;
}

export function ProtocolThreat(props: ProtocolThreatProps) {
  const { variant, correlations, truncation, comparison } = props;
  const protocols = useProtocols();
  if (protocols.error !== null && protocols.data === undefined) {
    return (
      <Failure
        title="The threat model cannot be read"
        reason={protocols.error}
        retry={protocols.retry}
      />
    );
  }
  const entry = protocols.data?.find(({ id }) => id === variant);
  const model = entry?.threats.find((threat) => threat.correlations === correlations);
  const steps = entry?.steps.filter(
    ({ field, step }) => step === (field === 'truncation' ? truncation : comparison),
  );
  return model === undefined ? null : <ThreatShort model={model} steps={steps ?? []} />;
}
