/** The exact GeLU and the error function in it, in floating point: what approximations are judged by. */

/**
 * The error function, to about 1e-14: Maclaurin series below 2, where its alternating terms still
 * cancel harmlessly, and the continued fraction of erfc beyond.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a >= 6) return Math.sign(x);
  if (a < 2) {
    let term = a;
    let sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * sum && n < 200; n += 1) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  // erfc(a) = exp(-a^2) / sqrt(pi) * 1 / (a + (1/2) / (a + (2/2) / (a + (3/2) / (a + ...))))
  let fraction = a;
  for (let n = 60; n >= 1; n -= 1) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}

/** 0.5 x (1 + erf(x / sqrt 2)), Hendrycks and Gimpel 2016. */
export function gelu(x: number): number {
  return (x * (1 + erf(x / Math.SQRT2))) / 2;
}
