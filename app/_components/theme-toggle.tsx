'use client';
import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { Icon, type IconName } from './icon.tsx';

const choices: readonly { value: MantineColorScheme; word: string; icon: IconName }[] = [
  { value: 'light', word: 'Light', icon: 'sun' },
  { value: 'auto', word: 'System', icon: 'screen' },
  { value: 'dark', word: 'Dark', icon: 'moon' },
];

/** Light, as the system says, or dark. What is stored is known only after the first paint. */
export function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const mounted = useMounted();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Colour theme"
      value={mounted ? colorScheme : 'auto'}
      onChange={(value) => setColorScheme(value)}
      data={choices.map(({ value, word, icon }) => ({
        value,
        label: (
          <span title={word} style={{ display: 'grid', placeItems: 'center', minHeight: 18 }}>
            <Icon name={icon} size={15} />
            <span className="visually-hidden">{word}</span>
          </span>
        ),
      }))}
    />
  );
}
