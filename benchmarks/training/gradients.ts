/**
 * Prints the check of every operation's gradient against finite differences.
 *
 *   node benchmarks/training/gradients.ts           (Node 24; under two seconds)
 */
import { checkGradients, gradientTolerance } from '../../server/training/check-gradients.ts';

const checks = await checkGradients();
console.log('| operation | numbers | largest gradient | error | |');
console.log('|---|---|---|---|---|');
for (const { name, elements, largestGradient, error, passed } of checks) {
  const verdict = passed ? 'ok' : 'WRONG';
  console.log(
    `| ${name} | ${elements} | ${largestGradient.toFixed(3)} | ${error.toExponential(1)} | ${verdict} |`,
  );
}
const failed = checks.filter(({ passed }) => !passed).length;
console.log(
  `\n${checks.length} operations, ${failed} wrong; error relative to max(1, largest gradient), limit ${gradientTolerance}.`,
);
process.exitCode = failed === 0 ? 0 : 1;
