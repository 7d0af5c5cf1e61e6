/** Whether an address works on this machine alone. Pure. */
export function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(host);
}

export const loopbackNote =
  'Only this machine can open this link. For others, start with --share HOST:PORT, or set PARLEY_PUBLIC_URL; or send the file.';
