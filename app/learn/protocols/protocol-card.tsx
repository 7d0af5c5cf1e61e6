'use client';
/** One variant: what it is, whose it is, and its threat model for either source of correlations. */
import { SegmentedControl } from '@mantine/core';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import type { ProtocolEntry } from '../../../server/api/routers/learn/protocols.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { RoleFigure } from '../../_protocols/role-figure.tsx';
import { ThreatModelText } from '../../_protocols/threat-model.tsx';
import { protocolAnchor } from '../../_protocols/threat-short.tsx';
import classes from './learn.module.css';

const dealing: Readonly<Record<string, string>> = {
  dealer: 'With a dealer',
  insecureFirstParty: 'Insecure first party',
};

export function ProtocolCard({ protocol }: { protocol: ProtocolEntry }) {
  const { id, title, description, source, threats } = protocol;
  const [chosen, choose] = useState(0);
  const named = useNamedByAddress(protocolAnchor(id));
  const model = threats[chosen] ?? threats[0];
  return (
    <div id={protocolAnchor(id)}>
      <Panel
        title={title}
        note={
          <>
            <code>{id}</code>. {description} {source}.
          </>
        }
        aside={
          id === 'clear' ? undefined : (
            <Link href={`/new?protocol=${encodeURIComponent(id)}`}>Set up a run</Link>
          )
        }
      >
        <Stack gap={14}>
          {threats.length > 1 && (
            <SegmentedControl
              size="xs"
              className={classes.dealing ?? ''}
              aria-label={`Who deals in ${id}`}
              value={String(chosen)}
              onChange={(value) => choose(Number(value))}
              data={threats.map(({ correlations }, index) => ({
                value: String(index),
                label: dealing[correlations ?? ''] ?? 'Without dealing',
              }))}
            />
          )}
          {model !== undefined && <ThreatModelText model={model} level={3} open={named} />}
          {model?.correlations === 'insecureFirstParty' && (
            <RoleFigure setting="insecure first party" />
          )}
        </Stack>
      </Panel>
    </div>
  );
}

/** Whether the address leads to this card, or has: who was led here wants to read it all. */
function useNamedByAddress(anchor: string): boolean {
  const [named, setNamed] = useState(false);
  useEffect(() => {
    const look = (): void => setNamed((was) => was || window.location.hash === `#${anchor}`);
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [anchor]);
  return named;
}
