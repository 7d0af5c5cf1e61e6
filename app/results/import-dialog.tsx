'use client';
/**
 * Results of other tools from a CSV: its columns are matched to ours, the first rows shown as they will
 * be read, and everything that is wrong named before anything is stored.
 */
import { Button, FileButton, Modal } from '@mantine/core';
import { useId, useState } from 'react';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import {
  guessMapping,
  importFields,
  importTemplate,
  longestFile,
  readImport,
  type CsvTable,
  type ImportProblem,
  type Mapping,
} from '../../server/api/schemas/results-import.ts';
import { readTable } from '../../server/api/schemas/results-logs.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Notice } from '../_components/states.tsx';
import { useImport } from '../_lib/api-results.ts';
import { saveAs } from '../_lib/save.ts';
import classes from './import-dialog.module.css';

interface LoadedFile {
  readonly name: string;
  readonly text: string;
  readonly table: CsvTable;
}

/** A log names no model: what it lacks is asked for at once, not first looked for in its columns. */
function firstMapping(table: CsvTable): Mapping {
  const guess = guessMapping(table);
  if (guess['model'] !== null || guess['dataset'] !== null) return guess;
  return Object.fromEntries(
    importFields.map(({ key, required }) => {
      const place = guess[key] ?? null;
      return [key, place === null && required ? '' : place];
    }),
  );
}

const rowsShown = 5;
const problemsShown = 8;

export default function ImportDialog({
  onImported,
}: {
  onImported: (ids: readonly string[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const [file, setFile] = useState<LoadedFile | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [refused, setRefused] = useState<string | null>(null);
  const send = useImport();
  const close = (): void => {
    setOpen(false);
    setFile(null);
    setRefused(null);
    send.reset();
  };
  const load = async (chosen: File | null): Promise<void> => {
    if (chosen === null) return;
    send.reset();
    if (chosen.size > longestFile) {
      setFile(null);
      setRefused(
        `${chosen.name} has ${formatCount(chosen.size)} bytes; at most ${formatCount(longestFile)} are read. Split it.`,
      );
      return;
    }
    const text = await chosen.text();
    const table = readTable(text);
    setRefused(null);
    setMapping(firstMapping(table));
    setFile({ name: chosen.name, text, table });
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpen(true)}>
        Import
      </Button>
      <Modal
        lockScroll={false}
        opened={open}
        onClose={close}
        title="Import results of other tools"
        size="xl"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className={classes.body}>
          <p className={classes.note}>
            They become rows of class <ProvenanceMark of="imported" />: shown and filtered like the
            others, never averaged with them. A CSV with a header, units as in the names, or a log
            of CrypTen’s communication statistics, SPU’s profile or what an MP-SPDZ party prints.
          </p>
          <div className={classes.row}>
            <FileButton
              onChange={(chosen) => void load(chosen)}
              accept=".csv,.log,.txt,text/csv,text/plain"
            >
              {(props) => (
                <Button {...props} size="xs">
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Button
              size="xs"
              variant="default"
              onClick={() => saveAs('parley-import.csv', 'text/csv', importTemplate)}
            >
              Template
            </Button>
          </div>
          {refused !== null && <Notice tone="bad">{refused}</Notice>}
          {file !== null && (
            <FilePreview
              file={file}
              mapping={mapping}
              onMap={(key, place) => setMapping((now) => ({ ...now, [key]: place }))}
              busy={send.isPending}
              failed={send.error?.message ?? null}
              onImport={() =>
                send.mutate(
                  { name: file.name, text: file.text, mapping: { ...mapping } },
                  {
                    onSuccess: (ids) => {
                      close();
                      onImported(ids);
                    },
                  },
                )
              }
            />
          )}
        </div>
      </Modal>
    </>
  );
}

/** Fields that nothing says are one sentence, not one each. */
function sentencesOf(problems: readonly ImportProblem[]): readonly string[] {
  const missing = problems.filter(({ row, key }) => row === 0 && key !== '');
  const others = missing.length < 3 ? problems : problems.filter((one) => !missing.includes(one));
  const names = missing.map(({ key }) => key).join(', ');
  return [
    ...(missing.length < 3
      ? []
      : [`Not in the file: ${names}. Choose columns, or give one value for all rows.`]),
    ...others.map(({ row, message }) => (row === 0 ? message : `Row ${row}: ${message}`)),
  ];
}

interface FilePreviewProps {
  readonly file: LoadedFile;
  readonly mapping: Mapping;
  readonly onMap: (key: string, place: number | string | null) => void;
  readonly busy: boolean;
  readonly failed: string | null;
  readonly onImport: () => void;
}

function FilePreview({ file, mapping, onMap, busy, failed, onImport }: FilePreviewProps) {
  const { rows, problems } = readImport(file.table, mapping);
  const said = sentencesOf(problems);
  const mapped = importFields.filter(({ key }) => (mapping[key] ?? '') !== '');
  return (
    <>
      {problems.length > 0 && (
        <Notice tone="bad">
          <ul className={classes.problems} aria-label="What is wrong">
            {said.slice(0, problemsShown).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            {said.length > problemsShown && (
              <li>and {plural(said.length - problemsShown, 'more problem')}</li>
            )}
          </ul>
        </Notice>
      )}
      <h3>Columns</h3>
      <div className={classes.fields}>
        {importFields.map(({ key, help, required, values = [] }) => (
          <FieldSource
            key={key}
            name={key}
            help={help}
            required={required}
            values={values}
            header={file.table.header}
            value={mapping[key] ?? null}
            onChange={(place) => onMap(key, place)}
          />
        ))}
      </div>
      <h3>As they will be read</h3>
      <Scroll label="Preview of the import">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">row</th>
              {mapped.map(({ key }) => (
                <th key={key} scope="col">
                  {key}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, rowsShown).map((row, index) => (
              // A row of a file is its place.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index}>
                <th scope="row">{index + 1}</th>
                {mapped.map(({ key }) => (
                  <td
                    key={key}
                    data-wrong={problems.some((one) => one.row === index + 1 && one.key === key)}
                  >
                    {String(row[key] ?? '')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {rows.length > rowsShown && (
        <p className={classes.note}>and {plural(rows.length - rowsShown, 'more row')}</p>
      )}
      {failed !== null && <Notice tone="bad">{failed}</Notice>}
      <Button onClick={onImport} loading={busy} disabled={problems.length > 0}>
        Import {plural(rows.length, 'row')}
      </Button>
    </>
  );
}

interface FieldSourceProps {
  readonly name: string;
  readonly help: string;
  readonly required: boolean;
  /** Of a choice; empty where anything goes. */
  readonly values: readonly string[];
  readonly header: readonly string[];
  readonly value: number | string | null;
  readonly onChange: (value: number | string | null) => void;
}

/** Where a field comes from: a column of the file, or one value for all of its rows. */
function FieldSource({ name, help, required, values, header, value, onChange }: FieldSourceProps) {
  const known = useId();
  const fixed = typeof value === 'string';
  return (
    <div className={classes.field}>
      <label>
        <span title={help}>
          {name}
          {required && <span className={classes.required}> needed</span>}
        </span>
        <select
          value={fixed ? 'fixed' : (value ?? '')}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            onChange(chosen === '' ? null : chosen === 'fixed' ? '' : Number(chosen));
          }}
        >
          <option value="">not in the file</option>
          <option value="fixed">one value for all rows</option>
          {header.map((column, place) => (
            // Two columns of a file may have the same name.
            // oxlint-disable-next-line react/no-array-index-key
            <option key={place} value={place}>
              {column === '' ? `column ${place + 1}` : column}
            </option>
          ))}
        </select>
      </label>
      {fixed && (
        <input
          type="text"
          aria-label={`${name}, for all rows`}
          placeholder={help}
          list={values.length > 0 ? known : undefined}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {values.length > 0 && (
        <datalist id={known}>
          {values.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </datalist>
      )}
    </div>
  );
}
