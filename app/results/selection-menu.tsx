'use client';
/** What is seldom done with the selected runs. */
import { Button, Menu } from '@mantine/core';
import type { AnnotationChange } from '../../server/api/schemas/results-requests.ts';

export default function SelectionMenu({
  onChange,
}: {
  readonly onChange: (change: AnnotationChange) => void;
}) {
  return (
    <Menu position="top-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" aria-label="More for the selected runs">
          …
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChange({ kind: 'star', on: false })}>Take the star</Menu.Item>
        <Menu.Item onClick={() => onChange({ kind: 'archive', on: false })}>
          Bring back from the archive
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
