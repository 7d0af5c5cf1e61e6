'use client';
/**
 * Attention painted head by head: a grid of layers and heads, a brush, and presets. One stop of the Tab
 * key; arrows move, Space paints, a letter paints its kind, and the row's name paints the whole layer.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { headKindNames, headsName } from '../../server/api/schemas/spec-names.ts';
import type { HeadKindId } from '../../server/api/schemas/spec-ids.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { Scroll } from '../_components/scroll.tsx';
import { headPresets, isSame, kindLetters, kinds, painted, type Heads } from './paint.ts';
import classes from './paint.module.css';

interface PaintHeadsProps {
  readonly model: Catalog['models'][number];
  /** What the spec says; undefined: the model's own. */
  readonly value: Heads | undefined;
  readonly onChange: (heads: Heads | undefined) => void;
  readonly error: string | undefined;
}

const nameOf = (kind: string): string => headKindNames[kind as HeadKindId] ?? kind;

export function PaintHeads({ model, value, onChange, error }: PaintHeadsProps) {
  const own = model.headKinds ?? [];
  const grid = value ?? own;
  const [brush, setBrush] = useState<string>('relu');
  const [seed, setSeed] = useState(1);
  const [at, setAt] = useState({ layer: 0, head: 0 });
  const painting = useRef(false);
  const table = useRef<HTMLTableElement>(null);

  useEffect(() => {
    const stop = (): void => void (painting.current = false);
    window.addEventListener('pointerup', stop);
    return () => window.removeEventListener('pointerup', stop);
  }, []);

  const set = (next: Heads): void => onChange(isSame(next, own) ? undefined : next);
  const paint = (kind: string, layer: number, head: number): void =>
    set(painted(grid, kind, (l, h) => l === layer && h === head));

  const move = (layer: number, head: number): void => {
    const next = {
      layer: Math.min(grid.length - 1, Math.max(0, layer)),
      head: Math.min((grid[0]?.length ?? 1) - 1, Math.max(0, head)),
    };
    setAt(next);
    const cell = table.current?.querySelector<HTMLElement>(
      `[data-cell="${next.layer}.${next.head}"]`,
    );
    cell?.focus();
  };
  const onKey = (event: KeyboardEvent, layer: number, head: number): void => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [layer - 1, head],
      ArrowDown: [layer + 1, head],
      ArrowLeft: [layer, head - 1],
      ArrowRight: [layer, head + 1],
      Home: [layer, 0],
      End: [layer, Infinity],
    };
    const step = steps[event.key];
    const kind = kinds.find((id) => kindLetters[id] === event.key.toUpperCase());
    if (step !== undefined) move(...step);
    else if (kind !== undefined && !event.ctrlKey && !event.metaKey) paint(kind, layer, head);
    else return;
    event.preventDefault();
  };

  return (
    <fieldset id="field-approximations.heads" tabIndex={-1} className={classes.group}>
      <legend className={classes.legend}>Attention of every head</legend>
      <p className={classes.note}>
        {headsName(grid as readonly (readonly HeadKindId[])[])}.{' '}
        {value === undefined ? 'As the model has them.' : 'Painted.'} Softmax is the one chosen
        above; the price follows while you paint.
      </p>
      <div className={classes.tools}>
        <div role="radiogroup" aria-label="Brush" className={classes.brushes}>
          {kinds.map((kind) => (
            <label key={kind} className={classes.brush} data-kind={kind}>
              <input
                type="radio"
                name={`brush-${model.id}`}
                checked={brush === kind}
                onChange={() => setBrush(kind)}
                aria-label={`Paint ${nameOf(kind)}`}
              />
              <b>{kindLetters[kind]}</b> {nameOf(kind)}
            </label>
          ))}
        </div>
        <div className={classes.presets}>
          {headPresets(model, seed).map(({ id, title, heads }) => (
            <button
              key={id}
              type="button"
              aria-pressed={isSame(heads, grid)}
              onClick={() => set(heads)}
            >
              {title}
            </button>
          ))}
          <label className={classes.seed}>
            Seed
            <input
              type="number"
              min={1}
              max={9999}
              value={seed}
              onChange={(event) => setSeed(Math.max(1, Number(event.currentTarget.value) || 1))}
            />
          </label>
          {value !== undefined && (
            <button type="button" onClick={() => onChange(undefined)}>
              The model’s own
            </button>
          )}
        </div>
      </div>
      <Scroll label="Heads by layer" className={classes.scroll}>
        <table ref={table} className={classes.grid}>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              {(grid[0] ?? []).map((_, head) => (
                <th key={head} scope="col">
                  {head + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.map((row, layer) => (
              <tr key={layer}>
                <th scope="row">
                  <button
                    type="button"
                    title={`Paint all of layer ${layer + 1} ${nameOf(brush)}`}
                    aria-label={`Paint all of layer ${layer + 1} ${nameOf(brush)}`}
                    onClick={() => set(painted(grid, brush, (l) => l === layer))}
                  >
                    {layer + 1}
                  </button>
                </th>
                {row.map((kind, head) => (
                  <td key={head}>
                    <button
                      type="button"
                      data-cell={`${layer}.${head}`}
                      data-kind={kind}
                      tabIndex={at.layer === layer && at.head === head ? 0 : -1}
                      aria-label={`Layer ${layer + 1}, head ${head + 1}: ${nameOf(kind)}`}
                      onFocus={() => setAt({ layer, head })}
                      onKeyDown={(event) => onKey(event, layer, head)}
                      onClick={() => paint(brush, layer, head)}
                      onPointerDown={(event) => {
                        if (event.pointerType === 'mouse') painting.current = true;
                      }}
                      onPointerEnter={() => {
                        if (painting.current) paint(brush, layer, head);
                      }}
                    >
                      {kindLetters[kind] ?? '?'}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {error !== undefined && (
        <p role="alert" className={classes.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
