/**
 * A network that somebody saved under a name: the network of a run spec, to the letter, so that the
 * JSON of either is the JSON of the other. Browser-safe.
 */
import { z } from 'zod';
import { networkSchema, type NetworkSpec } from './network-spec.ts';

/** As the short names of the papers' networks: it stands in addresses and on the command line. */
export const networkNamePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const longestNetworkName = 40;

export const networkNameSchema = z
  .string()
  .min(1)
  .max(longestNetworkName)
  .regex(networkNamePattern, 'small letters, digits and single hyphens between them');

export const savedNetworkSchema = networkSchema.superRefine(({ name }, context) => {
  const checked = networkNameSchema.safeParse(name);
  for (const { message } of checked.error?.issues ?? []) {
    context.addIssue({ code: 'custom', path: ['name'], message: `name "${name}": ${message}` });
  }
});

/**
 * The network that a JSON text holds, or a sentence why it holds none; each sentence names the field,
 * and the value where there is one.
 */
export function parseNetworkJson(
  text: string,
): { readonly network: NetworkSpec } | { readonly why: string } {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (error) {
    return { why: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = savedNetworkSchema.safeParse(written);
  if (parsed.success) return { network: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return { why: faults.join(' ') };
}
