/**
 * A run or a comparison as one HTML file that opens from disk: text, tables and inline SVG, no script,
 * and nothing that is fetched from anywhere. Its own policy forbids it even that.
 */
import { verdictOf } from '../api/schemas/compare-verdict.ts';
import { formatBytes, formatDate, formatDuration, formatPercent } from '../api/schemas/format.ts';
import type { RunDetail } from '../api/schemas/run-view.ts';
import {
  deltaGroups,
  operationDelta,
  restKey,
  type OperationDelta,
} from '../api/schemas/compare-operations.ts';
import { summaryLine } from './card-svg.ts';
import { escapeXml as e } from './escape.ts';
import type { ExportDocument } from './document.ts';
import { previewTags } from './preview-tags.ts';
import { barsSvg, paretoSvg } from './svg-chart.ts';
import { textTable } from './text-formats.ts';

const style = `
:root{color-scheme:light dark;--ink:#1b1e24;--soft:#545964;--line:#dcdcd5;--ground:#f7f7f4;--sheet:#fff;--warn:#f8eed8}
@media (prefers-color-scheme:dark){:root{--ink:#e6e7ea;--soft:#a4aab6;--line:#2c313b;--ground:#111318;--sheet:#181b22;--warn:#352a14}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1080px;padding:24px 16px 60px;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:26px;line-height:1.2;margin:0 0 12px}h2{font-size:19px;margin:34px 0 10px}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;background:var(--sheet)}
th,td{padding:6px 12px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;min-width:110px}
th:first-child,td:first-child{text-align:left;color:var(--soft);font-weight:400}thead th{font-weight:600;color:var(--ink)}
.note{color:var(--soft);font-size:13px}.caution{background:var(--warn);padding:8px 12px;border-radius:5px;margin:6px 0}
figure{margin:14px 0;overflow-x:auto}figcaption{color:var(--soft);font-size:13px}svg{width:100%;min-width:480px;max-width:720px;height:auto;border-radius:5px}th,td{overflow-wrap:normal}code{word-break:break-all}
`;

function table(
  label: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = (tag: 'th' | 'td', scope: string, texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        index === 0 || tag === 'th'
          ? `<th scope="${index === 0 && tag === 'td' ? 'row' : scope}">${e(text)}</th>`
          : `<td>${e(text)}</td>`,
      )
      .join('');
  return [
    `<div class="wide" role="region" aria-label="${e(label)}" tabindex="0"><table>`,
    `<thead><tr>${cells('th', 'col', head)}</tr></thead><tbody>`,
    ...rows.map((row) => `<tr>${cells('td', 'row', row)}</tr>`),
    '</tbody></table></div>',
  ].join('\n');
}

const figure = (svg: string | null, caption: string): string =>
  svg === null ? '' : `<figure>${svg}<figcaption>${e(caption)}</figcaption></figure>`;

/** Signed, with the figure's own minus. */
const signed = (format: (value: number) => string, value: number): string =>
  value > 0 ? `+${format(value)}` : format(value);

function deltaTable(
  delta: OperationDelta,
  names: readonly [string, string],
  isTime: boolean,
  first = 'Place',
): string {
  const format = (value: number): string =>
    isTime ? formatDuration(value / 1e6) : formatBytes(value);
  const word = (key: string): string => (key === restKey ? 'booked to no place' : key);
  return table(
    'Difference by place',
    [first, names[0], names[1], 'Difference'],
    [
      ...delta.steps.map(({ key, from, to, delta: step }) => [
        word(key),
        format(from),
        format(to),
        signed(format, step),
      ]),
      ['Sum', format(delta.from), format(delta.to), signed(format, delta.to - delta.from)],
    ],
  );
}

/** Where the seconds and bytes went from the pinned run to the other, of two finished runs. */
function differences({ runs, base, profiles }: ExportDocument): string {
  if (runs.length !== 2) return '';
  const [a, b] = [runs[base], runs[1 - base]];
  if (a?.run.headline == null || b?.run.headline == null) return '';
  const rowsOf = (id: string) => profiles.find((profile) => profile.id === id)?.operations ?? [];
  const left = { headline: a.run.headline, operations: rowsOf(a.run.id) };
  const right = { headline: b.run.headline, operations: rowsOf(b.run.id) };
  if (left.operations.length === 0 || right.operations.length === 0) return '';
  const names = [a.name, b.name] as const;
  return [
    ...deltaGroups.map((group) => [
      `<h2>Where the seconds went, by ${group}</h2>`,
      deltaTable(
        operationDelta(left, right, 'time', group, 2),
        names,
        true,
        group === 'place' ? 'Place' : 'Operation',
      ),
    ]),
    [
      '<h2>Where the bytes went, by place</h2>',
      deltaTable(operationDelta(left, right, 'bytes', 'place', 2), names, false),
    ],
  ]
    .flat()
    .join('\n');
}

/** What only a single run has: operations, link, environment, reveals. */
function details(run: RunDetail): string {
  const check = run.linkCheck;
  return [
    '<h2>Operations of one batch</h2>',
    table(
      'Operations',
      ['Place', 'Operation', 'Phase', 'Calls', 'Bytes sent, all parties', 'Computing', 'Waiting'],
      run.operations.map((row) => [
        row.path === '' ? 'whole model' : row.path,
        row.op,
        row.phase,
        String(row.calls),
        formatBytes(row.bytesSent.reduce((a, b) => a + b, 0) + row.dealerBytes),
        formatDuration(row.computeMs),
        formatDuration(row.waitMs),
      ]),
    ),
    ...(check === null
      ? []
      : [
          '<h2>Link</h2>',
          `<p>${e(check.verdict)}: asked ${e(String(check.asked.rttMs))} ms RTT and ${e(String(check.asked.bitsPerSecond / 1e6))} Mbit/s. ${e(check.tolerance)}</p>`,
          table(
            'Link check',
            ['Link', 'RTT, median', 'RTT, 99 %', 'Rate'],
            check.pairs.map((pair) => [
              pair.link,
              formatDuration(pair.rttMs.p50),
              formatDuration(pair.rttMs.p99),
              `${(pair.bitsPerSecond / 1e6).toFixed(0)} Mbit/s`,
            ]),
          ),
        ]),
    ...(run.headline?.accuracy == null
      ? []
      : [
          `<p class="note">Accuracy in plaintext ${e(formatPercent(run.headline.accuracy.plaintext.correct / run.headline.accuracy.plaintext.n))}, with the approximations in the open ${e(formatPercent(run.headline.accuracy.clear.correct / run.headline.accuracy.clear.n))}.</p>`,
        ]),
    '<h2>Left secrecy</h2>',
    table(
      'Reveals',
      ['Place', 'To', 'Reason', 'Numbers'],
      run.reveals.map((reveal) => [reveal.path, reveal.to, reveal.reason, String(reveal.values)]),
    ),
    '<h2>Environment</h2>',
    table('Environment', ['What', 'Value'], Object.entries(run.environment)),
  ].join('\n');
}

/** A path alone means that its installation had no address that others can open. */
const sourceOf = (address: string): string =>
  /^https?:/.test(address)
    ? address
    : `From a Parley installation without a public address; its page there was ${address}.`;

/** @param address where it was published; stands as text, so that nothing is linked */
export function toHtml(document: ExportDocument, address: string): string {
  const { title, runs, base, units, frozen, detail } = document;
  const { sentences, mismatches } = verdictOf(runs, base, units);
  const { head, rows } = textTable(document);
  const classes = [
    ...new Set(
      runs.map(({ run }) => (run.shipped ? `${run.provenance}, shipped` : run.provenance)),
    ),
  ];
  const source = `Provenance: ${classes.join('; ')}.`;
  return `${[
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${e(title)}</title>`,
    ...(frozen === null ? [] : previewTags({ title, description: summaryLine(document), address })),
    `<style>${style}</style></head><body><main>`,
    `<h1>${e(title)}</h1>`,
    frozen === null
      ? ''
      : `<p class="note">Frozen ${e(formatDate(frozen.createdAt))}, read-only. Content hash <code>${e(frozen.contentHash)}</code>${frozen.expiresAt === null ? '' : `. The link ends ${e(formatDate(frozen.expiresAt))}`}.</p>`,
    ...sentences.map((text) => `<p>${e(text)}</p>`),
    ...mismatches.map(({ text }) => `<p class="caution">${e(text)}</p>`),
    figure(
      paretoSvg(document, 'time'),
      `Secure accuracy with 95 % interval against time; the front is drawn, what is dominated for sure is dimmed. ${source}`,
    ),
    figure(
      barsSvg(document, 'time'),
      `Median, with the 95 % interval, or the range where n is below six. ${source}`,
    ),
    figure(barsSvg(document, 'bytes'), `Payload bytes, exact. ${source}`),
    '<h2>Every number</h2>',
    table('Settings and numbers', head, rows),
    differences(document),
    detail === null ? '' : details(detail),
    `<p class="note">${e(sourceOf(address))}</p>`,
    '</main></body></html>',
  ].join('\n')}\n`;
}
