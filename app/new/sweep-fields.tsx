'use client';
/** Further values for fields that are picked; numbers are listed in their own fields, "4, 8". */
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { reasonAgainstNetwork } from '../_lib/network-draft.ts';
import {
  reasonAgainstModel,
  type Also,
  type PickedField,
  type SpecDraft,
} from '../_lib/spec-draft.ts';
import { profileOf } from '../_lib/spec-query.ts';
import { useKernelFault } from './network-fields.tsx';
import classes from './sweep.module.css';

interface SweepFieldsProps {
  readonly catalog: Catalog;
  readonly draft: SpecDraft;
  readonly onChange: (also: Also | undefined) => void;
}

interface Group {
  readonly field: PickedField;
  readonly label: string;
  readonly own: string;
  readonly choices: readonly {
    readonly id: string;
    readonly title: string;
    /** Why it cannot be queued with the rest of this draft. */
    readonly reason?: string | null;
  }[];
}

export function SweepFields({ catalog, draft, onChange }: SweepFieldsProps) {
  const also = draft.also ?? {};
  const { approximations, protocol } = draft;
  const kernelFault = useKernelFault();
  const chosen = catalog.protocols.find(({ id }) => id === protocol.variant);
  const groups: readonly Group[] = [
    {
      field: 'protocol.variant',
      label: 'Also by',
      own: protocol.variant,
      choices: catalog.protocols.map(({ id }) => ({ id, title: id })),
    },
    {
      field: 'approximations.gelu',
      label: 'Also with GELU',
      own: approximations.gelu,
      choices: catalog.gelu,
    },
    {
      field: 'approximations.softmax',
      label: 'Also with softmax',
      own: approximations.softmax,
      choices: catalog.softmax,
    },
    {
      field: 'network',
      label: 'Also over',
      own: profileOf(draft.network, catalog)?.id ?? '',
      choices: catalog.networks.map((entry) => ({
        id: entry.id,
        title: entry.title,
        reason: reasonAgainstNetwork(entry, chosen, kernelFault),
      })),
    },
    {
      field: 'model',
      label: 'Also the model',
      own: draft.model,
      choices: catalog.models.map(({ id, title }) => ({
        id,
        title,
        reason: reasonAgainstModel(id, draft, catalog),
      })),
    },
  ];
  const toggle = (field: PickedField, id: string): void => {
    const before = also[field] ?? [];
    const values = before.includes(id) ? before.filter((one) => one !== id) : [...before, id];
    const { [field]: _none, ...rest } = also;
    const next: Also = values.length === 0 ? rest : { ...rest, [field]: values };
    onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  const listed = Object.values(also).reduce((count, values) => count + values.length, 0);
  return (
    <details className={classes.sweep} open={listed > 0 || undefined} id="field-sweep">
      <summary>Sweep: several runs at once{listed > 0 && `, ${listed} more values picked`}</summary>
      <p className={classes.hint}>
        Numbers take lists in their own fields, such as 4, 8, 16. Pick further values of the other
        fields here. Every combination becomes a run.
      </p>
      {groups.map(({ field, label, own, choices }) => (
        <fieldset key={field} className={classes.also}>
          <legend>{label}</legend>
          {choices
            .filter(({ id }) => id !== own)
            .map(({ id, title, reason = null }) => (
              <label key={id} title={reason ?? undefined}>
                <input
                  type="checkbox"
                  checked={(also[field] ?? []).includes(id)}
                  // What was picked before it could not be had any more can be put back.
                  disabled={reason !== null && !(also[field] ?? []).includes(id)}
                  onChange={() => toggle(field, id)}
                  aria-label={`${label} ${title}`}
                />
                {title}
                {reason !== null && <span className={classes.reason}>: {reason}</span>}
              </label>
            ))}
        </fieldset>
      ))}
    </details>
  );
}
