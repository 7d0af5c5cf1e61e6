/**
 * A timeline without its order: what each role did, put together by place of the model, the most time
 * first ("left-heavy"). Of many short stretches it shows the sum, where the picture in time order shows
 * a wall. Pure; times in milliseconds.
 */
import { placeName } from '../../_charts/places.ts';
import type { ChartTableModel } from '../../_charts/chart.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
} from '../../../server/api/schemas/format.ts';
import { sumsByPlace, type Timeline } from '../../_replay/timeline.ts';
import type { View } from './draw.ts';
import { roleName } from './trace-events.ts';

export interface HeavyNode {
  /** Dotted path from the model's root; empty for what belongs to no place. */
  readonly path: string;
  /** Its own last part. */
  readonly name: string;
  readonly computeMs: number;
  readonly waitMs: number;
  readonly bytes: number;
  readonly messages: number;
  /** The most time first; what a node spent outside of them is not drawn below it. */
  readonly children: readonly HeavyNode[];
}

export const timeOf = ({ computeMs, waitMs }: HeavyNode): number => computeMs + waitMs;

/** Deeper places are not told apart: their boxes would be slivers. */
export const deepest = 4;

interface Growing {
  readonly path: string;
  computeMs: number;
  waitMs: number;
  bytes: number;
  messages: number;
  readonly children: Map<string, Growing>;
}

const seed = (path: string): Growing => ({
  path,
  computeMs: 0,
  waitMs: 0,
  bytes: 0,
  messages: 0,
  children: new Map(),
});

/** Layers are one: `layer0.gelu` and `layer11.gelu` are the same work done twelve times. */
export const withoutNumber = (part: string): string => part.replace(/\d+$/, '');

/**
 * A tree for each lane, in the order of lanes.
 * @param merged layers of one kind stand together
 */
export function leftHeavy(
  timeline: Timeline,
  { fromMs, toMs }: View,
  merged: boolean,
): readonly HeavyNode[] {
  const roots = timeline.lanes.map(() => seed(''));
  for (const row of sumsByPlace(timeline, fromMs, toMs, deepest)) {
    let node = roots[row.lane];
    if (node === undefined) continue;
    const parts = row.path === '' ? [''] : row.path.split('.');
    const names = merged ? parts.map(withoutNumber) : parts;
    for (let depth = 0; depth <= names.length; depth += 1) {
      node.computeMs += row.computeMs;
      node.waitMs += row.waitMs;
      node.bytes += row.bytes;
      node.messages += row.messages;
      const name = names[depth];
      if (name === undefined) break;
      const next: Growing = node.children.get(name) ?? seed(names.slice(0, depth + 1).join('.'));
      node.children.set(name, next);
      node = next;
    }
  }
  return roots.map((root) => finished(root, ''));
}

function finished(node: Growing, name: string): HeavyNode {
  const children = [...node.children].map(([key, child]) => finished(child, key));
  const { path, computeMs, waitMs, bytes, messages } = node;
  return {
    path,
    name,
    computeMs,
    waitMs,
    bytes,
    messages,
    children: children.sort((a, b) => timeOf(b) - timeOf(a)),
  };
}

export const nodeName = ({ path, name }: HeavyNode): string =>
  path === '' ? 'Outside of any place' : placeName(name);

/** Every box with its numbers, the boxes inside of one below it. */
export function heavyTable(timeline: Timeline, roots: readonly HeavyNode[]): ChartTableModel {
  return {
    columns: [
      { key: 'role', header: 'Role' },
      { key: 'place', header: 'Place' },
      { key: 'share', header: 'Of the role’s time', format: (value) => formatPercent(value) },
      { key: 'compute_ms', header: 'Computing', format: formatDuration },
      { key: 'wait_ms', header: 'Waiting', format: formatDuration },
      { key: 'sent_bytes', header: 'Sent', format: (value) => formatBytes(value) },
      { key: 'messages', header: 'Messages', format: formatCount },
    ],
    rows: roots.flatMap((root, lane) => {
      const role = roleName(timeline.lanes[lane]?.role ?? 'owner');
      const whole = timeOf(root);
      const rowsOf = (node: HeavyNode): ChartTableModel['rows'] => [
        {
          role,
          place: node.path === '' ? nodeName(node) : placeName(node.path),
          share: whole === 0 ? 0 : timeOf(node) / whole,
          compute_ms: node.computeMs,
          wait_ms: node.waitMs,
          sent_bytes: node.bytes,
          messages: node.messages,
        },
        ...node.children.flatMap(rowsOf),
      ];
      return root.children.flatMap(rowsOf);
    }),
  };
}
