'use client';
/** The fields of the two training forms. */
import { NativeSelect, Switch, TextInput } from '@mantine/core';
import { NumberField } from '../../_components/number-field.tsx';
import { Panel } from '../../_components/panel.tsx';
import { useCatalog } from '../../_lib/api.ts';
import classes from '../training.module.css';
import type { TrainingDraft } from './draft.ts';

interface FieldsProps {
  readonly draft: TrainingDraft;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (part: Partial<TrainingDraft>) => void;
}

type NumberName = 'trainRows' | 'epochs' | 'seed' | 'penalty';

function Common({ draft, errors, onChange }: FieldsProps) {
  const isStudent = draft.kind === 'distillation';
  const number = (field: NumberName, label: string, description: string) => (
    <NumberField
      label={label}
      description={description}
      value={draft[field]}
      onChange={(value) => onChange({ [field]: value })}
      error={errors[field]}
    />
  );
  return (
    <>
      <TextInput
        label="Name of the product"
        description="Small letters, digits and hyphens"
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        error={errors['name']}
      />
      {number(
        'trainRows',
        'Training rows',
        isStudent ? 'IMDb reviews, 64 to 40,000' : 'Fashion-MNIST images, 256 to 59,000',
      )}
      {number(
        'epochs',
        'Epochs',
        isStudent ? 'Of both stages together' : 'Of the teacher, the search and each network',
      )}
      {number('seed', 'Seed', 'The same seed, recipe and data give the same model')}
    </>
  );
}

export function DistillFields(props: FieldsProps) {
  const { draft, errors, onChange } = props;
  const catalog = useCatalog();
  const known = catalog.data?.models.map(({ id }) => id) ?? [];
  const teachers = known.includes('minilm-2l-imdb') ? ['minilm-2l-imdb'] : known;
  return (
    <Panel title="Student">
      <div className={classes.fields}>
        <NativeSelect
          label="Teacher"
          description="A model with exact functions"
          data={teachers.length === 0 ? [draft.teacher] : teachers}
          value={draft.teacher}
          onChange={(event) => onChange({ teacher: event.currentTarget.value })}
          error={errors['teacher']}
        />
        <NativeSelect
          label="GeLU"
          description="Quad is 0.125 x² + 0.25 x + 0.5"
          data={[
            { value: 'quad', label: 'Quad' },
            { value: 'exact', label: 'Exact' },
          ]}
          value={draft.gelu}
          onChange={(event) => onChange({ gelu: event.currentTarget.value })}
        />
        <NativeSelect
          label="Softmax"
          description="2Quad squares scores, 2ReLU cuts them, before dividing by their sum"
          data={[
            { value: '2quad', label: '2Quad' },
            { value: '2relu', label: '2ReLU' },
            { value: 'exact', label: 'Exact' },
          ]}
          value={draft.softmax}
          onChange={(event) => onChange({ softmax: event.currentTarget.value })}
        />
        <NativeSelect
          label="First weights"
          description="Random ones are for comparison"
          data={[
            { value: 'teacher', label: 'The teacher’s' },
            { value: 'random', label: 'Random' },
          ]}
          value={draft.initialisation}
          onChange={(event) => onChange({ initialisation: event.currentTarget.value })}
        />
        <Switch
          label="Learns from the teacher"
          description="Off: from the labels alone, for comparison"
          checked={draft.distilled}
          onChange={(event) => onChange({ distilled: event.currentTarget.checked })}
        />
        <Common {...props} />
      </div>
    </Panel>
  );
}

export function SearchFields(props: FieldsProps) {
  const { draft, errors, onChange } = props;
  return (
    <Panel
      title="Search"
      note="ViT-Lite of 3 layers, 64 wide, 4 heads, on Fashion-MNIST; its files must be on this machine."
    >
      <div className={classes.fields}>
        <TextInput
          label="Budgets"
          description="Fractions of heads that keep ReLU-softmax, with commas between"
          value={draft.budgets}
          onChange={(event) => onChange({ budgets: event.currentTarget.value })}
          error={errors['budgets']}
        />
        <NativeSelect
          label="Heads"
          description="Random ones are the control"
          data={[
            { value: 'search', label: 'Searched' },
            { value: 'random', label: 'Random' },
          ]}
          value={draft.heads}
          onChange={(event) => onChange({ heads: event.currentTarget.value })}
        />
        <NumberField
          label="Penalty"
          description="Weight of the sum of |alpha| in the loss"
          value={draft.penalty}
          onChange={(penalty) => onChange({ penalty })}
          error={errors['penalty']}
        />
        <Switch
          label="Learns from the softmax network"
          description="Its logits and tokens join the loss"
          checked={draft.distilled}
          onChange={(event) => onChange({ distilled: event.currentTarget.checked })}
        />
        <Common {...props} />
      </div>
    </Panel>
  );
}
