'use client';
/** The command palette: pages, runs by name or id, presets, comparisons, and what can be done. */
import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { approximationName } from '../../../server/api/schemas/spec-names.ts';
import { useCatalog } from '../../_lib/api.ts';
import { usePublished, useRunSearch } from '../../_lib/api-compare.ts';
import { useResultRows, useViews } from '../../_lib/api-results.ts';
import { Icon, type IconName } from '../icon.tsx';
import type { EarlyKeys } from './early-keys.ts';
import {
  comparisons,
  fitting,
  pages,
  presetEntries,
  publishedEntries,
  viewEntries,
  type Entry,
} from './entries.ts';

interface PaletteProps {
  /** Opens whenever this number grows. */
  readonly asked: number;
  /** What was typed before there was a field for it. */
  readonly early: EarlyKeys;
  readonly onShortcuts: () => void;
}

interface Action {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: IconName;
  readonly run: () => void;
}

const mostRuns = 8;
/** Of each of the other kinds, while words are typed. */
const mostEach = 6;

const [store, spotlight] = createSpotlight();

/**
 * The library selects as soon as a letter is typed, in the list of the letter before; once runs are
 * found the list changes again. Without this, Enter would do nothing when the selected one is gone.
 */
function selectFirst(): void {
  const { listId } = store.getState();
  const list = listId === '' ? null : document.getElementById(listId);
  if (list === null) return;
  list.querySelector('[data-selected]')?.removeAttribute('data-selected');
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

export function Palette({ asked, early, onShortcuts }: PaletteProps) {
  const router = useRouter();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [words, setWords] = useState('');
  const [wanted] = useDebouncedValue(words, 200);
  const catalog = useCatalog();
  const views = useViews();
  const published = usePublished();
  const found = useRunSearch(wanted).slice(0, mostRuns);
  const { rows } = useResultRows(found.length === 0 ? [] : [found]);
  useEffect(() => {
    if (asked > 0) spotlight.open();
  }, [asked]);

  const typed = words.trim();
  const actions: readonly Action[] = [
    {
      id: 'theme',
      label: colorScheme === 'dark' ? 'Light theme' : 'Dark theme',
      description: 'Colours of this browser',
      icon: colorScheme === 'dark' ? 'sun' : 'moon',
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    {
      id: 'copy',
      label: 'Copy link to this page',
      description: 'With its filters and choices',
      icon: 'link',
      run: () => void navigator.clipboard.writeText(window.location.href),
    },
    {
      id: 'keys',
      label: 'Keyboard shortcuts',
      description: 'All of them, and how to turn letters off',
      icon: 'question',
      run: onShortcuts,
    },
  ];
  const runs: readonly Entry[] = found.map((id) => {
    const row = rows.get(id);
    return {
      id: `run ${id}`,
      label: row === undefined ? id : approximationName(row.spec.approximations),
      description:
        row === undefined
          ? 'run'
          : `${id}, ${row.spec.model}, ${row.spec.protocol.variant}, ${row.spec.network.name}, ${row.state}`,
      href: row?.importedFrom == null ? `/runs/${id}` : `/compare?runs=${id}`,
    };
  });
  const presets = catalog.data === undefined ? [] : presetEntries(catalog.data);
  const kept = (entries: readonly Entry[]): readonly Entry[] =>
    fitting(entries, typed).slice(0, typed === '' ? entries.length : mostEach);
  const groups: readonly { label: string; icon: IconName; entries: readonly Entry[] }[] = [
    { label: 'Runs', icon: 'list', entries: runs },
    { label: 'Pages', icon: 'book', entries: kept(pages) },
    { label: 'Presets', icon: 'play', entries: kept(presets) },
    {
      label: 'Comparisons and views',
      icon: 'wave',
      entries: kept([
        ...comparisons,
        ...viewEntries(views.data ?? []),
        ...publishedEntries(published.data ?? []),
      ]),
    },
  ];
  const fit = fitting(actions, typed);
  const nothing = fit.length === 0 && groups.every(({ entries }) => entries.length === 0);
  const shown = [...groups.flatMap(({ entries }) => entries), ...fit].map(({ id }) => id).join(' ');
  useEffect(selectFirst, [shown]);

  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      // The lock writes a style of its own into the page, which the CSP refuses.
      lockScroll={false}
      query={words}
      onQueryChange={setWords}
      scrollable
      maxHeight="min(60vh, 520px)"
    >
      <Spotlight.Search
        placeholder="A page, run, preset or action"
        aria-label="Go to or do"
        leftSection={<Icon name="search" />}
        onFocus={() => {
          const typed = early.take();
          if (typed !== '') setWords(typed);
        }}
      />
      <Spotlight.ActionsList>
        {groups.map(
          ({ label, icon, entries }) =>
            entries.length > 0 && (
              <Spotlight.ActionsGroup key={label} label={label}>
                {entries.map((entry) => (
                  <Spotlight.Action
                    key={entry.id}
                    label={entry.label}
                    description={entry.description}
                    leftSection={<Icon name={icon} size={16} />}
                    onClick={() => router.push(entry.href)}
                  />
                ))}
              </Spotlight.ActionsGroup>
            ),
        )}
        {fit.length > 0 && (
          <Spotlight.ActionsGroup label="Do">
            {fit.map(({ id, label, description, icon, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                description={description}
                leftSection={<Icon name={icon} size={16} />}
                onClick={run}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && (
          <Spotlight.Empty>Nothing fits. Runs are found by any word of theirs.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
