/** A protocol's threat model in a few lines, with the way to the whole of it. */
import Link from 'next/link';
import type { ProtocolStep, ThreatModel } from '../../server/api/routers/learn/protocols.ts';
import { stepNames } from '../../server/api/schemas/spec-steps.ts';
import { Notice } from '../_components/states.tsx';
import classes from './protocols.module.css';

/** Where the Learn page explains this variant. */
export function protocolAnchor(variant: string): string {
  return variant.replace('/', '-');
}

export function protocolHref(variant: string): string {
  return `/learn/protocols#${protocolAnchor(variant)}`;
}

interface ThreatShortProps {
  readonly model: ThreatModel;
  /** Steps that stand in place of the variant's own. */
  readonly steps?: readonly ProtocolStep[];
}

export function ThreatShort({ model, steps = [] }: ThreatShortProps) {
  const { short, warning, collusion, numericalFailures, variant } = model;
  const [own] = numericalFailures;
  const failure = steps.find((step) => step.failure !== null)?.failure ?? own;
  return (
    <div className={classes.short}>
      {warning !== null && <Notice tone="bad">{warning}</Notice>}
      <p>{short}</p>
      <ul>
        <li>{collusion.breaks}</li>
        {failure !== undefined && <li>{failure}</li>}
        {steps.map(({ step, sees }) => (
          <li key={step}>
            With {stepNames[step as keyof typeof stepNames] ?? step} in place of the variant’s own,
            a party also sees{' '}
            {sees.length === 0 ? 'nothing more than the variant says.' : `${sees.join('; ')}.`}
          </li>
        ))}
      </ul>
      <p>
        <Link href={protocolHref(variant)}>Who sees what, in full</Link>
      </p>
    </div>
  );
}
