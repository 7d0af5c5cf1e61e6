/** What the protocol of a run protects, and everything meaningful that left secrecy. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { plural } from '../../server/api/schemas/format.ts';
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
        {run.reveals.length > 0 && <Reveals run={run} />}
      </Stack>
    </Panel>
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
