'use client';
/** The left-heavy picture: a box for each place, as wide as its time, the most first, parts inside below. */
import { Switch } from '@mantine/core';
import type { CSSProperties } from 'react';
import { formatBytes, formatDuration, formatPercent } from '../../../server/api/schemas/format.ts';
import type { Timeline } from '../../_replay/timeline.ts';
import { nodeName, timeOf, type HeavyNode } from './left-heavy.ts';
import classes from './left-heavy.module.css';
import { roleName } from './trace-events.ts';

/** A box of a smaller share is too narrow for a finger; its parent and the table have its time. */
const leastShare = 0.004;

interface LeftHeavyProps {
  readonly timeline: Timeline;
  readonly roots: readonly HeavyNode[];
  readonly merged: boolean;
  readonly onMerged: (merged: boolean) => void;
}

export function LeftHeavy({ timeline, roots, merged, onMerged }: LeftHeavyProps) {
  const longest = Math.max(...roots.map(timeOf), Number.MIN_VALUE);
  return (
    <div className={classes.all}>
      <Switch
        size="sm"
        label="Layers of one kind together"
        checked={merged}
        onChange={(event) => onMerged(event.currentTarget.checked)}
      />
      {roots.map((root, lane) => {
        const role = roleName(timeline.lanes[lane]?.role ?? 'owner');
        return (
          <section key={role} aria-label={`${role}, left-heavy`} className={classes.lane}>
            <h3>
              {role} <span>{sentence(root)}</span>
            </h3>
            <div className={classes.row} style={{ width: `${(100 * timeOf(root)) / longest}%` }}>
              <Boxes nodes={root.children} of={timeOf(root)} whole={timeOf(root)} />
            </div>
          </section>
        );
      })}
    </div>
  );
}

const sentence = (node: HeavyNode): string =>
  `${formatDuration(timeOf(node))}: computing ${formatDuration(node.computeMs)}, waiting ${formatDuration(node.waitMs)}`;

interface BoxesProps {
  readonly nodes: readonly HeavyNode[];
  /** The time of the box around them, and of the whole role. Milliseconds. */
  readonly of: number;
  readonly whole: number;
}

function Boxes({ nodes, of, whole }: BoxesProps) {
  const drawn = nodes.filter((node) => timeOf(node) > leastShare * whole);
  if (drawn.length === 0) return null;
  return (
    <ul className={classes.boxes}>
      {drawn.map((node) => {
        const time = timeOf(node);
        const share = formatPercent(time / whole);
        const style = {
          width: `${(100 * time) / of}%`,
          '--computing': `${(100 * node.computeMs) / time}%`,
        } as CSSProperties;
        return (
          <li key={node.path} style={style}>
            <span
              className={classes.box}
              title={`${nodeName(node)}, ${share}. ${sentence(node)}; sent ${formatBytes(node.bytes)}`}
            >
              {nodeName(node)} <span className={classes.share}>{share}</span>
            </span>
            <Boxes nodes={node.children} of={time} whole={whole} />
          </li>
        );
      })}
    </ul>
  );
}
