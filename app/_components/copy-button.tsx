'use client';
import { Button, CopyButton as MantineCopy, type ButtonProps } from '@mantine/core';
import { Icon } from './icon.tsx';

/** Copies a text and says so, in the button and to screen readers. */
export function CopyButton({
  value,
  label,
  ...props
}: { value: string; label: string } & Omit<ButtonProps, 'onClick'>) {
  return (
    <MantineCopy value={value} timeout={1800}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
          onClick={copy}
          aria-live="polite"
          {...props}
        >
          {copied ? 'Copied' : label}
        </Button>
      )}
    </MantineCopy>
  );
}
