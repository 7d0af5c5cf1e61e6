/** What the processes that compute are told of the worker's environment: what is named here. */

/** Not secrets, and needed: where programs lie, and which kernels to use. */
const passedOn = ['PATH', 'LANG', 'TMPDIR', 'PARLEY_KERNELS', 'PARLEY_ISA'] as const;

/**
 * Environment of a process that computes: no DATABASE_URL, no keys, nothing that was not named.
 *
 * @param more names of variables that this kind of process reads as well
 */
export function scrubbedEnvironment(more: readonly string[] = []): NodeJS.ProcessEnv {
  const kept = [...passedOn, ...more].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), NODE_ENV: process.env.NODE_ENV };
}
