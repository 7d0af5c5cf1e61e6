'use client';
/**
 * A number that somebody types. What is typed stays as it is, also when it is no number: a field that
 * drops characters turns 2.5 into 25.
 */
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { numberOrText } from '../_lib/number-text.ts';

interface NumberFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'inputMode'> {
  readonly value: number | string;
  /** The number, or the text as typed where it is none; empty text for an emptied field. */
  readonly onChange: (value: number | string) => void;
}

export function NumberField({ value, onChange, ...props }: NumberFieldProps) {
  const [text, setText] = useState(String(value));
  // A preset may set another value: follow it, but leave "2." alone while it is typed.
  const shown = numberOrText(text) === value ? text : String(value);
  return (
    <TextInput
      {...props}
      inputMode="decimal"
      autoComplete="off"
      value={shown}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(numberOrText(event.currentTarget.value));
      }}
    />
  );
}
