/**
 * axe-core in a page: WCAG 2.2 A and AA. The page's own policy forbids scripts that it did not send, so
 * the context must be made with `bypassCSP`; that the policy holds is another test's matter.
 */
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeAnswer {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Every serious or critical finding, a sentence each; empty when there is none. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: source });
  const { violations } = await page.evaluate(async (): Promise<AxeAnswer> => {
    const { axe } = window as unknown as {
      readonly axe: { run(what: Document, options: object): Promise<AxeAnswer> };
    };
    return axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      resultTypes: ['violations'],
    });
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.slice(0, 3).map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`),
    );
}
