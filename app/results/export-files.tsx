'use client';
/** The table as it is, or the runs selected, as files; and the address that a script reads. */
import { Button, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { ViewState } from '../../server/api/schemas/results-view.ts';
import { Icon } from '../_components/icon.tsx';
import { fileAddress, mostNamed } from './address.ts';

const formats = [
  { format: 'csv', word: 'CSV', note: 'every value, units in the names' },
  { format: 'json', word: 'JSON', note: 'the same, with the meaning of each' },
  { format: 'md', word: 'Markdown', note: 'as shown here' },
  { format: 'tex', word: 'LaTeX', note: 'as shown here, booktabs' },
] as const;

export interface ExportMenuProps {
  readonly state: ViewState;
  /** Columns that are shown: an export has what the reader sees. */
  readonly columns: readonly string[];
  /** Empty: all runs found. */
  readonly only?: readonly string[];
}

export default function ExportFiles({ state, columns, only = [] }: ExportMenuProps) {
  const clipboard = useClipboard();
  const asked = { q: state.q, columns: [...columns], units: state.units, baseline: state.baseline };
  const csv = fileAddress('csv', asked, only);
  const tooMany = only.length > mostNamed;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="download" size={14} />}>
          {only.length > 0 ? 'Export selected' : 'Export'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {tooMany ? (
          <Menu.Label>
            More than {mostNamed} runs: give them a tag, and export what tag=… finds.
          </Menu.Label>
        ) : (
          <>
            {formats.map(({ format, word, note }) => (
              <Menu.Item
                key={format}
                component="a"
                href={fileAddress(format, asked, only)}
                download={`results.${format}`}
              >
                {word}, {note}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item
              closeMenuOnClick={false}
              onClick={() => clipboard.copy(new URL(csv, window.location.href).href)}
            >
              {clipboard.copied ? 'Copied' : 'Copy address for pd.read_csv'}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
