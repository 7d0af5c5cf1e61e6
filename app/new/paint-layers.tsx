'use client';
/** Functions layer by layer: a row for each layer, shown once layers are to differ. */
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import { tokensOf, tokensText } from '../_lib/token-ranges.ts';
import { Scroll } from '../_components/scroll.tsx';
import classes from './paint.module.css';

type Approximations = SpecDraft['approximations'];

interface PaintLayersProps {
  readonly model: Catalog['models'][number];
  readonly catalog: Catalog;
  readonly value: Approximations;
  readonly onChange: (value: Approximations) => void;
  readonly error: string | undefined;
}

export function PaintLayers({ model, catalog, value, onChange, error }: PaintLayersProps) {
  const { layers, gelu, softmax } = value;
  const differ = layers !== undefined;
  const set = (layer: number, own: Partial<{ gelu: string; softmax: string }>): void =>
    onChange({
      ...value,
      layers: (layers ?? []).map((row, index) => (index === layer ? { ...row, ...own } : row)),
    });
  const image = model.kind === 'image';
  const setTokens = (layer: number, text: string): void => {
    const geluTokens = tokensOf(text);
    onChange({
      ...value,
      layers: (layers ?? []).map((row, index) => {
        if (index !== layer) return row;
        const { geluTokens: _before, ...rest } = row;
        return geluTokens === undefined ? rest : { ...rest, geluTokens };
      }),
    });
  };
  const toggle = (): void => {
    if (differ) {
      const { layers: _layers, ...rest } = value;
      onChange(rest);
      return;
    }
    const rows = Array.from({ length: model.layers }, () => ({ gelu, softmax }));
    onChange({ ...value, layers: rows });
  };
  const select = (
    layer: number,
    field: 'gelu' | 'softmax',
    name: string,
    choices: Catalog['gelu'],
    chosen: string,
  ) => (
    <select
      aria-label={`${name} of layer ${layer + 1}`}
      value={chosen}
      onChange={(event) => set(layer, { [field]: event.currentTarget.value })}
      data-other={chosen !== value[field] || undefined}
    >
      {choices.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
  return (
    <fieldset id="field-approximations.layers" tabIndex={-1} className={classes.group}>
      <legend className="visually-hidden">Functions by layer</legend>
      <label className={classes.check}>
        <input type="checkbox" checked={differ} onChange={toggle} />
        Choose functions layer by layer ({model.layers})
      </label>
      {layers !== undefined && (
        <Scroll label="Functions by layer" className={classes.scroll}>
          <table className={classes.layers}>
            <thead>
              <tr>
                <th scope="col">Layer</th>
                <th scope="col">GELU</th>
                <th scope="col">Softmax</th>
                {image && <th scope="col">Tokens with GELU</th>}
              </tr>
            </thead>
            <tbody>
              {layers.map((row, layer) => (
                <tr key={layer}>
                  <th scope="row">{layer + 1}</th>
                  <td>{select(layer, 'gelu', 'GELU', catalog.gelu, row.gelu)}</td>
                  <td>{select(layer, 'softmax', 'Softmax', catalog.softmax, row.softmax)}</td>
                  {image && (
                    <td>
                      <input
                        // Typed freely, read when it is left.
                        key={tokensText(row.geluTokens ?? [])}
                        aria-label={`Tokens with GELU in layer ${layer + 1}`}
                        placeholder="all"
                        defaultValue={tokensText(row.geluTokens ?? [])}
                        onBlur={(event) => setTokens(layer, event.currentTarget.value)}
                      />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {error !== undefined && (
        <p role="alert" className={classes.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
