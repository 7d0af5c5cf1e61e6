'use client';
/** Whether the window is so narrow that form and price stand under each other. */
import { useMediaQuery } from '@mantine/hooks';

/** The form is drawn in the browser only, once the catalog is there, so the first answer is the true one. */
export const usePhone = (): boolean =>
  useMediaQuery('(max-width: 63.99em)', false, { getInitialValueInEffect: false });
