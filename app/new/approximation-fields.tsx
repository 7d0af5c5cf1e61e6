'use client';
/** Which functions stand in for GELU and softmax: everywhere, layer by layer, or head by head. */
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import { Choices } from './choices.tsx';
import { PaintHeads } from './paint-heads.tsx';
import { PaintLayers } from './paint-layers.tsx';

type Approximations = SpecDraft['approximations'];

interface ApproximationFieldsProps {
  readonly catalog: Catalog;
  readonly model: Catalog['models'][number] | undefined;
  readonly value: Approximations;
  readonly errorOf: (field: string) => string | undefined;
  readonly changed: (read: (from: SpecDraft) => unknown) => boolean;
  readonly onChange: (value: Approximations) => void;
}

export function ApproximationFields(props: ApproximationFieldsProps) {
  const { catalog, model, value, errorOf, changed, onChange } = props;
  const layersError = errorOf('approximations.layers');
  const headsError = errorOf('approximations.heads');
  return (
    <>
      <Choices
        label="GELU"
        first={3}
        field="approximations.gelu"
        value={value.gelu}
        error={errorOf('approximations.gelu')}
        changed={changed((d) => d.approximations.gelu)}
        choices={catalog.gelu}
        onChange={(gelu) => onChange({ ...value, gelu })}
      />
      <Choices
        label="Softmax"
        first={4}
        field="approximations.softmax"
        value={value.softmax}
        error={errorOf('approximations.softmax')}
        changed={changed((d) => d.approximations.softmax)}
        choices={catalog.softmax}
        onChange={(softmax) => onChange({ ...value, softmax })}
      />
      {value.layerNorm !== undefined || (model?.layerNorm ?? false) ? (
        <Choices
          label="LayerNorm"
          compact
          field="approximations.layerNorm"
          value={value.layerNorm ?? 'exact'}
          error={errorOf('approximations.layerNorm')}
          changed={changed((d) => d.approximations.layerNorm ?? 'exact')}
          choices={catalog.layerNorm}
          onChange={(layerNorm) => {
            const { layerNorm: _before, ...rest } = value;
            onChange(layerNorm === 'exact' ? rest : { ...rest, layerNorm });
          }}
        />
      ) : null}
      {model?.headKinds != null ? (
        <PaintHeads
          key={model.id}
          model={model}
          value={value.heads}
          error={headsError}
          onChange={(heads) => {
            const { heads: _heads, ...rest } = value;
            onChange(heads === undefined ? rest : { ...rest, heads });
          }}
        />
      ) : (
        headsError !== undefined && <p role="alert">{headsError}</p>
      )}
      {model !== undefined && model.layers > 1 && (
        <PaintLayers
          model={model}
          catalog={catalog}
          value={value}
          error={layersError}
          onChange={onChange}
        />
      )}
    </>
  );
}
