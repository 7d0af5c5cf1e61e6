/** Mantine's theme: our own accent, greys that agree with globals.css, square-ish corners. */
import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#e8f2f9',
  '#d3e5f2',
  '#a6cbe6',
  '#8fc6ec',
  '#74b9e8',
  '#2f88c2',
  '#1672ad',
  '#0b5f96',
  '#094f7e',
  '#063c61',
];

const dark: MantineColorsTuple = [
  '#e6e7ea',
  '#c3c7cf',
  '#a4aab6',
  '#7d8490',
  '#3a414d',
  '#2c313b',
  '#1d2129',
  '#111318',
  '#0d0f13',
  '#090a0d',
];

export const theme = createTheme({
  fontFamily: 'var(--font-sans), system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'var(--font-mono), ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  headings: { fontFamily: 'var(--serif)', fontWeight: '500' },
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  // Mantine picks the text of a filled button for the light shade alone: on the dark one's light blue
  // it would be white on light. Its own variable knows both.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const isAccent = (input.color ?? input.theme.primaryColor) === 'accent';
    return input.variant === 'filled' && isAccent
      ? { ...colors, color: 'var(--mantine-primary-color-contrast)' }
      : colors;
  },
  defaultRadius: 4,
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Mantine's own greys are too faint for AA on our grounds: point them at the tokens of globals.css. */
export const cssVariables: CSSVariablesResolver = () => {
  const tokens = {
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-placeholder': 'var(--ink-soft)',
    '--mantine-color-body': 'var(--ground)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default': 'var(--sheet)',
  };
  return { variables: {}, light: tokens, dark: tokens };
};
