/**
 * The content security policy of every page.
 *
 * Scripts run with the request's nonce only; style elements and sheets need the nonce or our own
 * origin. One allowance: `style` attributes (not elements) may be inline, because Mantine writes its
 * sizes as CSS variables into the server's HTML. An attribute can change looks, it cannot run code,
 * and `img-src` keeps it from sending anything away.
 */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    `default-src 'self'`,
    // React's development build uses eval to show server stacks; production never does.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? ` 'unsafe-eval'` : ''}`,
    `style-src-elem 'self' ${development ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `style-src-attr 'unsafe-inline'`,
    `style-src 'self'`,
    // data: and blob: are pictures of charts that this page itself drew.
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
