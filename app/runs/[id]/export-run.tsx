'use client';
/** A run as files, in every format that the exports write, and the address that a script reads. */
import { Button, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { Icon } from '../../_components/icon.tsx';
import { saveAs } from '../../_lib/save.ts';

const formats = [
  ['csv', 'CSV, every value, units in the names'],
  ['json', 'JSON, for programs'],
  ['md', 'Markdown'],
  ['tex', 'LaTeX, booktabs'],
  ['svg', 'SVG of the chart'],
  ['bib', 'BibTeX'],
  ['html', 'HTML, one file that opens from disk'],
] as const;

export default function ExportRun({ run }: { run: RunDetail }) {
  const clipboard = useClipboard();
  const address = (format: string): string => `/runs/${run.id}.${format}`;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={15} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(([format, word]) => (
          <Menu.Item
            key={format}
            component="a"
            href={address(format)}
            download={`parley-run-${run.id}.${format}`}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          onClick={() =>
            saveAs(
              `parley-run-${run.id}.json`,
              'application/json',
              `${JSON.stringify(run, null, 2)}\n`,
            )
          }
        >
          Everything on this page, JSON
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          onClick={() => clipboard.copy(new URL(address('csv'), window.location.href).href)}
        >
          {clipboard.copied ? 'Copied' : 'Copy address for pd.read_csv'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
