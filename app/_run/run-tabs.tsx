'use client';
/**
 * The parts of a run's page as tabs. The address keeps which one is open (`?tab=operations`), so that
 * a reload, Back from elsewhere and a sent link show the same. Arrow keys, Home and End move.
 */
import { Tabs } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { Suspense, useState, type ReactNode } from 'react';
import { Waiting } from '../_components/states.tsx';
import classes from './run-tabs.module.css';

export interface RunTab {
  /** As the address says it. */
  readonly id: string;
  readonly label: string;
  /** Only the open one is drawn. */
  readonly content: ReactNode;
}

/** Name in the address. */
const parameter = 'tab';

export function RunTabs({ tabs }: { tabs: readonly RunTab[] }) {
  const query = useSearchParams();
  const [chosen, choose] = useState(() => query.get(parameter));
  const first = tabs[0]?.id ?? '';
  const open = tabs.some(({ id }) => id === chosen) ? (chosen ?? first) : first;
  // Home and End move the focus alone: whatever has it is open.
  const change = (next: string | null): void => {
    if (next === null || next === open) return;
    choose(next);
    const address = new URL(window.location.href);
    if (next === first) address.searchParams.delete(parameter);
    else address.searchParams.set(parameter, next);
    window.history.replaceState(null, '', `${address.pathname}${address.search}${address.hash}`);
  };
  return (
    <Tabs value={open} onChange={change} keepMounted={false}>
      <Tabs.List className={classes.list} aria-label="Parts of this run">
        {tabs.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id} className={classes.tab} onFocus={() => change(id)}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, label, content }) => (
        <Tabs.Panel key={id} value={id} className={classes.panel}>
          {id === open ? (
            <Suspense fallback={<Waiting what={label.toLowerCase()} height={420} />}>
              {content}
            </Suspense>
          ) : null}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
