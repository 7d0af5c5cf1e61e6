/** A number of the form; several with commas between make a sweep. */
import type { UseFormReturnType } from '@mantine/form';
import { NumberField } from '../_components/number-field.tsx';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import { listOf } from '../_lib/sweep-draft.ts';
import { inputOrder } from './block.tsx';
import classes from './new-run.module.css';

interface NumberInputProps {
  readonly form: UseFormReturnType<SpecDraft>;
  readonly field: string;
  readonly label: string;
  readonly description: string;
  readonly error: string | undefined;
  readonly changed: boolean;
}

export function NumberInput(props: NumberInputProps) {
  const { form, field, label, description, error, changed } = props;
  const input = form.getInputProps(field) as {
    readonly value: number | string;
    readonly onChange: (value: number | string) => void;
  };
  const values = listOf(input.value);
  return (
    <NumberField
      id={`field-${field}`}
      label={label}
      description={
        values === null ? description : `A list: ${values.length} values, a run for each`
      }
      inputWrapperOrder={inputOrder}
      classNames={changed ? { input: classes.changed } : {}}
      value={input.value}
      onChange={input.onChange}
      error={error}
    />
  );
}
