'use client';
/** The tree of operations as a table: rows open, columns sort among siblings. */
import { clsx } from 'clsx';
import { useState } from 'react';
import {
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
  formatSignificant,
} from '../../../server/api/schemas/format.ts';
import { Icon } from '../../_components/icon.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import classes from './operations.module.css';
import { visibleRows, type OperationNode, type SortKey } from './tree.ts';

interface OperationsTableProps {
  readonly nodes: readonly OperationNode[];
  readonly opened: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
}

const columns: readonly { readonly sort: SortKey | null; readonly header: string }[] = [
  { sort: 'model', header: 'Place and operation' },
  { sort: 'time', header: 'Time' },
  { sort: 'compute', header: 'Computing' },
  { sort: 'wait', header: 'Network wait' },
  { sort: 'bytes', header: 'Sent' },
  { sort: null, header: 'Declared' },
  { sort: 'rounds', header: 'Rounds' },
  { sort: 'memory', header: 'Memory' },
  { sort: 'error', header: 'Error' },
  { sort: null, header: 'Calls' },
];

export function OperationsTable({ nodes, opened, toggle }: OperationsTableProps) {
  const [sort, setSort] = useState<SortKey>('model');
  const [descending, setDescending] = useState(false);
  const rows = visibleRows(nodes, opened, sort, descending);
  const withRounds = nodes.some(({ rounds }) => rounds !== null);
  const withMemory = nodes.some(({ peakRssBytes }) => peakRssBytes !== null);
  const withError = nodes.some(({ error }) => error !== null);
  const left = new Set([
    ...(withRounds ? [] : ['Rounds']),
    ...(withMemory ? [] : ['Memory']),
    ...(withError ? [] : ['Error']),
  ]);
  const shown = columns.filter(({ header }) => !left.has(header));
  const order = (key: SortKey): void => {
    setDescending(key === sort ? !descending : key !== 'model');
    setSort(key);
  };
  return (
    <Scroll label="Operations table" className={classes.box}>
      <table className={classes.table}>
        <thead>
          <tr>
            {shown.map(({ sort: key, header }) => (
              <th
                key={header}
                scope="col"
                aria-sort={
                  key === null
                    ? undefined
                    : key !== sort
                      ? 'none'
                      : descending
                        ? 'descending'
                        : 'ascending'
                }
              >
                {key === null ? (
                  header
                ) : (
                  <button type="button" onClick={() => order(key)}>
                    {header}
                    <span aria-hidden="true" className={classes.arrow}>
                      {key !== sort ? '' : descending ? '↓' : '↑'}
                    </span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((node) => (
            <tr key={node.key} data-level={node.level}>
              <th scope="row" style={{ paddingLeft: node.level * 20 }}>
                <Name node={node} open={opened.has(node.key)} toggle={toggle} />
              </th>
              <td>{formatDuration(node.computeMs + node.waitMs)}</td>
              <td>{formatDuration(node.computeMs)}</td>
              <td>{formatDuration(node.waitMs)}</td>
              <td title={exactBytes(node.bytes)}>
                {node.bytes === 0 ? '0' : formatBytes(node.bytes)}
              </td>
              <td>
                <Declared node={node} />
              </td>
              {withRounds && <td>{node.rounds === null ? '–' : formatCount(node.rounds)}</td>}
              {withMemory && (
                <td title={node.peakRssBytes === null ? undefined : exactBytes(node.peakRssBytes)}>
                  {node.peakRssBytes === null ? '–' : formatBytes(node.peakRssBytes)}
                </td>
              )}
              {withError && <ErrorCell node={node} />}
              <td title={`${formatCount(node.elements)} elements`}>{formatCount(node.calls)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface NameProps {
  readonly node: OperationNode;
  readonly open: boolean;
  readonly toggle: (key: string) => void;
}

function Name({ node, open, toggle }: NameProps) {
  if (node.children.length === 0) return <code className={classes.leaf}>{node.name}</code>;
  return (
    <button
      type="button"
      className={classes.branch}
      aria-expanded={open}
      onClick={() => toggle(node.key)}
    >
      <span aria-hidden="true" className={clsx(classes.twist, open && classes.open)}>
        ›
      </span>
      {node.name}
    </button>
  );
}

function ErrorCell({ node: { error } }: { node: OperationNode }) {
  if (error === null) return <td>–</td>;
  const { maxError, meanError, largest, elements, path } = error;
  return (
    <td
      title={`${path}: mean ${formatSignificant(meanError, 2)}, over ${formatCount(elements)} numbers of at most ${formatSignificant(largest, 3)}`}
    >
      {formatSignificant(maxError, 2)}
    </td>
  );
}

function Declared({ node: { declaredBytes, bytes } }: { node: OperationNode }) {
  if (declaredBytes === null) return <>–</>;
  const equal = declaredBytes === bytes;
  return (
    <span className={equal ? classes.equal : classes.unequal} title={exactBytes(declaredBytes)}>
      {declaredBytes === 0 ? '0' : formatBytes(declaredBytes)}{' '}
      <Icon name={equal ? 'check' : 'cross'} size={14} />
      <span className="visually-hidden">{equal ? 'equal' : 'not equal'}</span>
    </span>
  );
}
