/** Stands for Next's router: where a page believes to be, and where it wanted to go. */
import { vi } from 'vitest';

export const navigation = {
  path: '/',
  query: '',
  push: vi.fn<(path: string) => void>(),
};
