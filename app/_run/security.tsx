/** What the protocol of a run protects, and everything meaningful that left secrecy. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { formatCount, formatSignificant, plural } from '../../server/api/schemas/format.ts';
import {
  largestProduct,
  localFailure,
  marginBits,
  variantSteps,
} from '../../server/api/schemas/spec-steps.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { protocolHref } from '../_protocols/threat-short.tsx';
import classes from './run-view.module.css';

export function Security({ run, threat }: { run: RunDetail; threat?: ReactNode }) {
  return (
    <Panel
      title="Security"
      note="What this protocol protects, and everything meaningful that left secrecy, with its reason."
    >
      <Stack gap={14}>
        {threat ?? (
          <p>
            <Link href={protocolHref(run.spec.protocol.variant)}>
              Who is trusted, and who sees what, in {run.spec.protocol.variant}
            </Link>
          </p>
        )}
        {run.provenance === 'measured' && <Margin run={run} />}
        {run.reveals.length > 0 && <Reveals run={run} />}
      </Stack>
    </Panel>
  );
}

/** How far the numbers of this run stayed below what the ring holds; seen in the clear run only. */
function Margin({ run }: { run: RunDetail }) {
  const { protocol } = run.spec;
  const { fractionBits } = protocol.ring;
  const largest = Math.max(0, ...(run.placeErrors ?? []).map((place) => place.largest));
  const bits = marginBits(fractionBits, largest);
  const local = (protocol.truncation ?? variantSteps[protocol.variant].truncation[0]) === 'local';
  return (
    <section aria-label="Numerical margin">
      <h3 className={classes.small}>Numerical margin</h3>
      <p>
        With {fractionBits} fraction bits a product may be as large as{' '}
        {formatCount(largestProduct(fractionBits))} before it is truncated; beyond that it wraps
        around, unnoticed.{' '}
        {largest > 0 &&
          (bits > 0
            ? `The largest number that the clear run of the same samples handed on was ${formatSignificant(largest, 3)}: ${formatSignificant(bits, 2)} bits below.`
            : `The clear run of the same samples handed on ${formatSignificant(largest, 3)}, which is beyond it: the results cannot be trusted.`)}{' '}
        {local &&
          `A local truncation of a value of size 1 is wrong by the whole ring with probability 1 in ${formatCount(1 / localFailure(fractionBits))}.`}
      </p>
    </section>
  );
}

function Reveals({ run }: { run: RunDetail }) {
  return (
    <section aria-label="Revealed">
      <h3 className={classes.small}>Revealed</h3>
      <ul className={classes.reveals}>
        {run.reveals.map((reveal) => (
          <li key={`${reveal.path} ${reveal.to} ${reveal.reason}`}>
            <code>{reveal.path}</code> to {reveal.to}, {plural(reveal.values, 'value')} in{' '}
            {plural(reveal.inferences, 'inference')}: {reveal.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
