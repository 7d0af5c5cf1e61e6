'use client';
/** The log of a run: by role, searchable, held still while it is read, newest first. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatCount } from '../../server/api/schemas/format.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Panel } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { asText, findLines, lastError, soundsBad, type LogLine } from './log-lines.ts';
import classes from './log-panel.module.css';

interface LogPanelProps {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** Lines still come. */
  readonly live: boolean;
  readonly note?: string | undefined;
}

/** More are not drawn at once; a search finds the others. */
const mostShown = 1000;

export function LogPanel({ lines, live, note }: LogPanelProps) {
  const [words, setWords] = useState('');
  const [from, setFrom] = useState<string | null>(null);
  const [held, setHeld] = useState<readonly LogLine[] | null>(null);
  const all = held ?? lines;
  const roles = useMemo(() => [...new Set(all.map((line) => line.from))].sort(), [all]);
  const found = useMemo(() => findLines(all, words, from), [all, words, from]);
  const shown = found.slice(-mostShown).toReversed();
  const error = lastError(lines);
  const late = held === null ? 0 : lines.length - held.length;
  return (
    <Panel title="Log" note={note}>
      <div className={classes.toolbar} role="toolbar" aria-label="Log: search and copy">
        <TextInput
          size="xs"
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label="Lines of"
          value={from ?? ''}
          onChange={(event) =>
            setFrom(event.currentTarget.value === '' ? null : event.currentTarget.value)
          }
          data={[{ value: '', label: 'Everybody' }, ...roles]}
        />
        {live && (
          <Button
            size="xs"
            variant="default"
            aria-pressed={held !== null}
            onClick={() => setHeld(held === null ? lines : null)}
          >
            {held === null ? 'Pause' : `Go on${late > 0 ? ` (${formatCount(late)} new)` : ''}`}
          </Button>
        )}
        <span className={classes.copy}>
          {error !== null && <CopyButton value={error} label="Copy last error" variant="subtle" />}
          <CopyButton value={found.map(asText).join('\n')} label="Copy log" variant="subtle" />
        </span>
      </div>
      {shown.length === 0 ? (
        <p className={classes.quiet}>
          {all.length === 0
            ? live
              ? 'Nothing yet.'
              : 'Nothing was said.'
            : `None of ${formatCount(all.length)} lines.`}
        </p>
      ) : (
        <Scroll label="Log lines" className={classes.box}>
          <ol className={classes.log}>
            {shown.map((line) => (
              <li key={line.key} data-bad={soundsBad(line) || undefined}>
                {line.at === null ? (
                  <span />
                ) : (
                  <time dateTime={line.at}>{line.at.slice(11, 19)}</time>
                )}
                <span className={classes.from}>{line.from}</span>
                <span>{line.text}</span>
              </li>
            ))}
          </ol>
        </Scroll>
      )}
      {found.length > mostShown && (
        <p className={classes.quiet}>
          The newest {formatCount(mostShown)} of {formatCount(found.length)} lines.
        </p>
      )}
    </Panel>
  );
}
