'use client';
/** What a protocol protects, in short: beside the choice before a run, and on the run's page. */
import { Failure } from '../_components/states.tsx';
import { useProtocols } from '../_lib/api.ts';
import { ThreatShort } from './threat-short.tsx';

interface ProtocolThreatProps {
  readonly variant: string;
  /** Null where nobody deals. */
  readonly correlations: string | null;
}

export function ProtocolThreat({ variant, correlations }: ProtocolThreatProps) {
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
  const model = protocols.data
    ?.find(({ id }) => id === variant)
    ?.threats.find((threat) => threat.correlations === correlations);
  return model === undefined ? null : <ThreatShort model={model} />;
}
