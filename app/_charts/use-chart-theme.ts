'use client';
import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { darkTheme, lightTheme, type ChartTheme } from './chart.ts';

/** The chart colours of the page's theme, in the page's own type. */
export function useChartTheme(): ChartTheme {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => {
    const theme = scheme === 'dark' ? darkTheme : lightTheme;
    const family =
      typeof document === 'undefined' ? '' : getComputedStyle(document.body).fontFamily;
    return family === '' ? theme : { ...theme, fontFamily: family };
  }, [scheme]);
}
