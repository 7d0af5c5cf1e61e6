'use client';
/** Which columns the table has, and in which order. */
import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core';
import { useId, useState } from 'react';
import { columnById, columns, defaultColumns } from '../../server/api/schemas/results-columns.ts';
import classes from './results.module.css';

export interface ColumnPickerProps {
  readonly value: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
  readonly onResetWidths: () => void;
}

const sources = {
  spec: 'What was asked',
  run: 'The run',
  result: 'What it gave',
  people: 'What people say',
} as const;

export default function ColumnList({ value, onChange, onResetWidths }: ColumnPickerProps) {
  const id = useId();
  const [said, setSaid] = useState('');
  const move = (from: number, to: number): void => {
    const moved = value[from];
    if (moved === undefined || to < 0 || to >= value.length) return;
    onChange(value.toSpliced(from, 1).toSpliced(to, 0, moved));
    setSaid(`${columnById(moved)?.label ?? moved} is now column ${to + 1} of ${value.length}`);
  };
  return (
    <Popover position="bottom-end" width={340} shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" size="xs">
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.picker ?? ''} aria-label="Columns">
        <h2 id={`${id}-shown`}>Shown, in this order</h2>
        <ol aria-labelledby={`${id}-shown`}>
          {value.map((column, index) => {
            const label = columnById(column)?.label ?? column;
            return (
              <li key={column}>
                <Checkbox
                  size="xs"
                  label={label}
                  checked
                  // A table without a column shows nothing to bring one back.
                  disabled={value.length === 1}
                  onChange={() => onChange(value.filter((other) => other !== column))}
                />
                <span className={classes.movers}>
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    aria-label={`Move ${label} up`}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  >
                    ↑
                  </ActionIcon>
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    aria-label={`Move ${label} down`}
                    disabled={index === value.length - 1}
                    onClick={() => move(index, index + 1)}
                  >
                    ↓
                  </ActionIcon>
                </span>
              </li>
            );
          })}
        </ol>
        <p className="visually-hidden" aria-live="polite">
          {said}
        </p>
        {(Object.keys(sources) as (keyof typeof sources)[]).map((source) => {
          const others = columns.filter(
            (column) => column.source === source && !value.includes(column.id),
          );
          return others.length === 0 ? null : (
            <section key={source} aria-label={sources[source]}>
              <h2>{sources[source]}</h2>
              {others.map(({ id: column, label, help }) => (
                <Checkbox
                  key={column}
                  size="xs"
                  label={label}
                  title={help}
                  checked={false}
                  onChange={() => onChange([...value, column])}
                />
              ))}
            </section>
          );
        })}
        <div className={classes.row}>
          <Button size="compact-xs" variant="default" onClick={() => onChange(defaultColumns)}>
            Default columns
          </Button>
          <Button size="compact-xs" variant="default" onClick={onResetWidths}>
            Default widths
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
