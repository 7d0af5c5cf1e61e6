'use client';
/** Opens the palette and the list of shortcuts; both are loaded when somebody first asks for them. */
import { Kbd } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { useLetterKeys } from '../../_lib/use-letter-keys.ts';
import { Icon } from '../icon.tsx';
import { earlyKeys } from './early-keys.ts';
import classes from './palette.module.css';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const Shortcuts = lazy(async () => ({ default: (await import('./shortcuts.tsx')).Shortcuts }));

export function PaletteHost() {
  const [asked, setAsked] = useState(0);
  const [keys, setKeys] = useState<'never' | 'open' | 'closed'>('never');
  const [early] = useState(earlyKeys);
  const open = (): void => {
    early.start();
    setAsked((count) => count + 1);
  };
  // In every field too: it is how one leaves it.
  useHotkeys([['mod+K', open]], []);
  useLetterKeys([
    ['?', () => setKeys('open')],
    ['shift+?', () => setKeys('open')],
  ]);
  return (
    <>
      <button type="button" className={classes.open} onClick={open} aria-haspopup="dialog">
        <Icon name="search" size={15} />
        <span className={classes.hint}>Search</span>
        <Kbd size="xs" className={classes.hint ?? ''} aria-hidden="true">
          Ctrl K
        </Kbd>
        <span className="visually-hidden">or do something</span>
      </button>
      <Suspense fallback={null}>
        {asked > 0 && <Palette asked={asked} early={early} onShortcuts={() => setKeys('open')} />}
        {keys !== 'never' && (
          <Shortcuts opened={keys === 'open'} onClose={() => setKeys('closed')} />
        )}
      </Suspense>
    </>
  );
}
