import '@mantine/core/styles.css';
import 'plotly.js/dist/plotly.css';
import './globals.css';
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core';
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Shell } from './_components/shell.tsx';
import { Providers } from './_lib/providers.tsx';

const sans = localFont({
  src: './_fonts/plex-sans.woff2',
  weight: '100 700',
  variable: '--font-sans',
});
const serif = localFont({
  src: './_fonts/plex-serif-500.woff2',
  weight: '500',
  variable: '--font-serif',
});
const mono = localFont({ src: './_fonts/plex-mono.woff2', weight: '400', variable: '--font-mono' });

export const metadata: Metadata = {
  title: { default: 'Parley', template: '%s · Parley' },
  description:
    'A workbench for private Transformer inference: run it for real, see it, compare it with the papers.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f7f4' },
    { media: '(prefers-color-scheme: dark)', color: '#111318' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    <html
      lang="en"
      className={`${sans.variable} ${serif.variable} ${mono.variable}`}
      {...mantineHtmlProps}
    >
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
        {/* plotly would insert its rules here; the class says that plotly.css is loaded instead. */}
        <style
          id="plotly.js-style-global"
          className="no-inline-styles"
          nonce={nonce}
          suppressHydrationWarning
        />
      </head>
      <body>
        <Providers nonce={nonce}>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  );
}
