/** The error function as CrypTen 0.4.0 ships it, and a form that computes it. */
import { EngineError } from '../../errors.ts';
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, mulFixed, mulPublic } from './arithmetic.ts';
import { hardtanh } from './compare.ts';
import { polynomial } from './log.ts';

const terms = 8;

/** n! (2n + 1), with the sign of the n-th term. */
function taylorDivisor(n: number): number {
  let divisor = n % 2 === 0 ? 1 : -1;
  for (let factor = 2; factor <= n; factor++) divisor *= factor;
  return divisor * (2 * n + 1);
}

/**
 * x^p as CrypTen computes it (common/functions/power.py): right for even chains and 3, wrong for odd
 * p above 3, where one factor x gets lost or won: 5 gives x^6, 7 gives x^9, 15 gives x^27.
 */
export async function powerAsShipped(mpc: Protocol, x: AShare, p: number): Promise<AShare> {
  if (!Number.isInteger(p) || p < 1) {
    throw new EngineError('range', `power: ${p} is no positive whole number`);
  }
  if (p === 1) return x;
  const square = await mulFixed(mpc, x, x);
  if (p === 2) return square;
  if (p % 2 === 0) return powerAsShipped(mpc, square, p / 2);
  return powerAsShipped(mpc, await mulFixed(mpc, square, x), (p - 1) / 2);
}

/**
 * The Taylor series to x^17, each power from the start, with the powers above. Within 0.006 for -0.5 to
 * 1, off by 0.23 at -1; erf(1.5) comes out as 0.28 and erf(2) as -175. 376 B, 34 rounds.
 */
export async function erfAsShipped(mpc: Protocol, x: AShare): Promise<AShare> {
  let total = x;
  for (let n = 1; n <= terms; n++) {
    const power = await powerAsShipped(mpc, x, 2 * n + 1);
    total = mpc.add(total, await mulPublic(mpc, power, 1 / taylorDivisor(n)));
  }
  return mulPublic(mpc, total, 2 / Math.sqrt(Math.PI));
}

/** Where the series of `terms` + 1 terms reaches 1. */
const end = 1.81404;

/**
 * The same series with right powers, of x limited to where it reaches 1, and in x / end, so that no
 * coefficient vanishes. Within 0.011 everywhere. 560 B, 14 rounds.
 */
export async function erfCorrected(mpc: Protocol, x: AShare): Promise<AShare> {
  const u = await hardtanh(mpc, await mulPublic(mpc, x, 1 / end));
  const coefficients = Array.from(
    { length: terms + 1 },
    (_, n) => ((2 / Math.sqrt(Math.PI)) * end ** (2 * n + 1)) / taylorDivisor(n),
  );
  const [first = 0, ...rest] = coefficients;
  const series = await polynomial(mpc, await mulFixed(mpc, u, u), rest);
  return mulFixed(mpc, u, addConstant(mpc, series, first));
}
