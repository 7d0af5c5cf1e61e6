/** A protocol's threat model in a few lines, with the way to the whole of it. */
import Link from 'next/link';
import type { ThreatModel } from '../../server/api/routers/learn/protocols.ts';
import { Notice } from '../_components/states.tsx';
import classes from './protocols.module.css';

/** Where the Learn page explains this variant. */
export function protocolAnchor(variant: string): string {
  return variant.replace('/', '-');
}

export function protocolHref(variant: string): string {
  return `/learn/protocols#${protocolAnchor(variant)}`;
}

export function ThreatShort({ model }: { model: ThreatModel }) {
  const { short, warning, collusion, numericalFailures, variant } = model;
  return (
    <div className={classes.short}>
      {warning !== null && <Notice tone="bad">{warning}</Notice>}
      <p>{short}</p>
      <ul>
        <li>{collusion.breaks}</li>
        {numericalFailures.slice(0, 1).map((failure) => (
          <li key={failure}>{failure}</li>
        ))}
      </ul>
      <p>
        <Link href={protocolHref(variant)}>Who sees what, in full</Link>
      </p>
    </div>
  );
}
