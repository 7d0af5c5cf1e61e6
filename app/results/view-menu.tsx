'use client';
/** What is seldom done with a saved view. */
import { Button, Menu } from '@mantine/core';

export default function ViewMenu({
  name,
  onDelete,
}: {
  readonly name: string;
  readonly onDelete: () => void;
}) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" aria-label={`More for the view ${name}`}>
          …
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onDelete}>Delete the view</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
