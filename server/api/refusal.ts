/**
 * Who may ask at all, before anybody asks who it is: a request must name a host that we serve (no DNS
 * rebinding) and, if a page sent it, come from our own origin.
 */
const ownHosts = (): readonly string[] => [
  'localhost',
  '127.0.0.1',
  '[::1]',
  ...(process.env['PARLEY_HOSTS'] ?? '').split(',').filter((host) => host !== ''),
];

export const refuse = (status: number, message: string): Response =>
  Response.json({ message }, { status });

/** Refuses a host that we do not serve: a name of somebody else that leads here. For pages as well. */
export function refusalOfHost(request: Request): Response | undefined {
  const host = request.headers.get('host') ?? '';
  if (ownHosts().includes(host.replace(/:\d+$/, ''))) return undefined;
  return refuse(403, `Host "${host}" is not served here; see PARLEY_HOSTS.`);
}

/** Why a request is not answered at all; undefined where it may be. */
export function refusalOf(request: Request): Response | undefined {
  const unserved = refusalOfHost(request);
  if (unserved !== undefined) return unserved;
  const host = request.headers.get('host') ?? '';
  const origin = request.headers.get('origin');
  if (origin !== null && URL.parse(origin)?.host !== host) {
    return refuse(403, "Only Parley's own pages may call this.");
  }
  if (request.headers.get('sec-fetch-site') === 'cross-site') {
    return refuse(403, "Only Parley's own pages may call this.");
  }
  return undefined;
}
