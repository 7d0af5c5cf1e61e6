/** A timeline as lanes: each role's layers as long as they took, full where it computed, pale where it waited. */
import { formatDuration } from '../api/schemas/format.ts';
import { columnIndex, type DataTable } from '../api/schemas/notebook-table.ts';
import { escapeXml } from '../compare/escape.ts';
import { colours, cut, fixed, ink, line, width, word, type Drawn } from './svg-pieces.ts';

const laneHeight = 46;
const [left, right] = [110, width - 20];
/** A name is written into a layer that is at least as wide. */
const leastNamed = 44;

interface Lane {
  readonly role: string;
  readonly layer: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly computeMs: number;
}

/** Rows of `timelineTable` whose numbers are there. */
function rowsOf(table: DataTable): Lane[] {
  const at = (key: string): number => columnIndex(table, key);
  const [role, layer, from, to, compute] = [
    at('role'),
    at('layer'),
    at('from_ms'),
    at('to_ms'),
    at('compute_ms'),
  ];
  return table.rows.flatMap(({ cells }): Lane[] => {
    const [fromMs, toMs, computeMs] = [cells[from], cells[to], cells[compute]];
    return typeof fromMs === 'number' && typeof toMs === 'number' && typeof computeMs === 'number'
      ? [{ role: String(cells[role]), layer: String(cells[layer]), fromMs, toMs, computeMs }]
      : [];
  });
}

export function lanes(table: DataTable): Drawn {
  const rows = rowsOf(table);
  const roles = [...new Set(rows.map(({ role }) => role))];
  const layers = [...new Set(rows.map(({ layer }) => layer))];
  const end = Math.max(1e-9, ...rows.map(({ toMs }) => toMs));
  const x = (ms: number): number => left + ((right - left) * ms) / end;
  const bottom = 14 + roles.length * laneHeight;
  const bar = (
    fromMs: number,
    toMs: number,
    top: number,
    colour: string,
    opacity: number,
  ): string =>
    `<rect x="${fixed(x(fromMs))}" y="${top}" width="${fixed(Math.max(0, x(toMs) - x(fromMs)))}" height="30" fill="${colour}" opacity="${opacity}"/>`;
  const drawn = rows.flatMap(({ role, layer, fromMs, toMs, computeMs }) => {
    const top = 14 + roles.indexOf(role) * laneHeight;
    const colour = colours[layers.indexOf(layer) % colours.length] ?? ink;
    const wide = x(toMs) - x(fromMs);
    const computed = Math.min(toMs, fromMs + computeMs);
    return [
      `<g aria-label="${escapeXml(`${role}, ${layer}: ${formatDuration(fromMs)} to ${formatDuration(toMs)}, computing ${formatDuration(computeMs)}`)}">`,
      bar(fromMs, computed, top, colour, 1),
      bar(computed, toMs, top, colour, 0.3),
      ...(wide < leastNamed
        ? []
        : [word(x(fromMs) + 3, top + 42, cut(layer, Math.floor(wide / 6)), { size: 10 })]),
      '</g>',
    ];
  });
  return {
    height: bottom + 30,
    body: [
      ...roles.map((role, index) =>
        word(left - 8, 14 + index * laneHeight + 19, cut(role, 16), { anchor: 'end', colour: ink }),
      ),
      ...drawn,
      `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${line}"/>`,
      ...[0, 0.25, 0.5, 0.75, 1].map((part) =>
        word(x(end * part), bottom + 16, formatDuration(end * part), {
          anchor: part === 0 ? 'start' : part === 1 ? 'end' : 'middle',
        }),
      ),
    ],
  };
}
