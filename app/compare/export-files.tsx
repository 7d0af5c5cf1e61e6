'use client';
/** The comparison as files, in the units shown, and the address that a script reads. */
import { Button, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { writeCompare, type CompareState } from '../../server/api/schemas/compare-address.ts';
import { Icon } from '../_components/icon.tsx';

const formats = [
  ['csv', 'CSV, every value, units in the names'],
  ['json', 'JSON, the same with the verdict'],
  ['md', 'Markdown'],
  ['tex', 'LaTeX, booktabs'],
  ['svg', 'SVG of the chart'],
  ['png', 'PNG of the chart'],
  ['bib', 'BibTeX'],
  ['html', 'HTML, one file that opens from disk'],
] as const;

export default function ExportFiles({ state }: { readonly state: CompareState }) {
  const clipboard = useClipboard();
  const address = (format: string): string => `/compare.${format}${writeCompare(state)}`;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="download" size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(([format, word]) => (
          <Menu.Item
            key={format}
            component="a"
            href={address(format)}
            download={`comparison.${format}`}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
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
