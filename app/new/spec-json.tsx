'use client';
/** The spec as text: to read, to copy, and to edit, where every fault is named with its field. */
import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Icon } from '../_components/icon.tsx';
import { fieldName } from '../_lib/describe-spec.ts';
import { saveAs } from '../_lib/save.ts';
import classes from './preview-panel.module.css';

interface SpecJsonProps {
  readonly json: string;
  readonly file: string;
  readonly onSpec: (spec: RunSpec) => void;
}

type Read =
  | { readonly spec: RunSpec }
  | { readonly faults: readonly { readonly field: string; readonly message: string }[] };

/** A spec out of text, or every fault with its field. */
export function readSpecText(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    return { faults: [{ field: 'JSON', message }] };
  }
  const parsed = runSpecSchema.safeParse(value);
  if (parsed.success) return { spec: parsed.data };
  return {
    faults: parsed.error.issues.map(({ path, message }) => ({
      field: path.join('.') || 'spec',
      message,
    })),
  };
}

export default function SpecJson({ json, file, onSpec }: SpecJsonProps) {
  // Null: the text is the form's, and follows it.
  const [edited, setEdited] = useState<string | null>(null);
  const read = edited === null ? null : readSpecText(edited);
  const faults = read !== null && 'faults' in read ? read.faults : [];
  return (
    <>
      <Textarea
        aria-label="Run spec as JSON"
        value={edited ?? json}
        onChange={(event) => setEdited(event.currentTarget.value)}
        rows={18}
        spellCheck={false}
        classNames={{ input: classes.json ?? '' }}
        error={faults.length > 0}
      />
      {faults.length > 0 && (
        <ul className={classes.faults} role="alert">
          {faults.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code>{field}</code>
              {fieldName(field) === field ? '' : ` (${fieldName(field)})`}: {message}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.codeButtons}>
        {edited !== null && edited !== json && (
          <>
            <Button
              size="xs"
              disabled={read === null || 'faults' in read}
              onClick={() => {
                if (read === null || 'faults' in read) return;
                onSpec(read.spec);
                setEdited(null);
              }}
            >
              Use this spec
            </Button>
            <Button size="xs" variant="default" onClick={() => setEdited(null)}>
              Discard
            </Button>
          </>
        )}
        <CopyButton value={edited ?? json} label="Copy JSON" />
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="download" size={14} />}
          onClick={() => saveAs(file, 'application/json', `${edited ?? json}\n`)}
        >
          Download
        </Button>
      </div>
    </>
  );
}
