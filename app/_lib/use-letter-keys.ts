'use client';
/**
 * Shortcuts of one letter. Whoever speaks to the computer, or has them on the way, can turn them off
 * (WCAG 2.1.4) in the list behind `?`; the choice stays in this browser.
 */
import { useHotkeys, useLocalStorage } from '@mantine/hooks';

export function useLetterKeysOn(): readonly [boolean, (on: boolean) => void] {
  const [value, setValue] = useLocalStorage<'on' | 'off'>({
    key: 'parley-letter-keys',
    defaultValue: 'on',
  });
  return [value !== 'off', (on) => setValue(on ? 'on' : 'off')];
}

export function useLetterKeys(keys: readonly (readonly [key: string, action: () => void])[]): void {
  const [on] = useLetterKeysOn();
  useHotkeys(on ? keys.map(([key, action]): [string, () => void] => [key, action]) : []);
}
