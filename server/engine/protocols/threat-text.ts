/** The threat models as the sections of SECURITY.md. */
import type { ThreatModel } from './threat-model.ts';

/** Markdown: a heading per model, then what each role holds, is trusted with and sees. */
export function threatSections(models: readonly ThreatModel[]): string {
  return models
    .filter(({ correlations }) => correlations !== 'insecureFirstParty')
    .map(section)
    .join('\n');
}

function section(model: ThreatModel): string {
  const { variant, short, warning, collusion, roles, numericalFailures, givesUp } = model;
  const paragraphs = [
    `### What a curious party of \`${variant}\` sees`,
    [short, warning, collusion.breaks].filter((text) => text !== null).join(' '),
    ...alike(roles).map(paragraph),
    `Wrong without notice:\n\n${list(numericalFailures)}`,
    `Given up:\n\n${list(givesUp.map(({ when, what }) => `${when}: ${what}`))}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

type Role = ThreatModel['roles'][number];

/** Roles that are trusted with the same and see the same, in one group each. */
function alike(roles: readonly Role[]): readonly (readonly Role[])[] {
  const groups = new Map<string, Role[]>();
  for (const role of roles) {
    const key = JSON.stringify([role.trustedWith, role.sees]);
    groups.set(key, [...(groups.get(key) ?? []), role]);
  }
  return [...groups.values()];
}

function paragraph(group: readonly Role[]): string {
  const [first] = group;
  if (first === undefined) throw new RangeError('an empty group of roles');
  const who = group.map(({ role, holds }) => `**${capital(role)}** holds ${holds}.`).join(' ');
  return `${who} Trusted with: ${first.trustedWith}. Sees:\n\n${list(first.sees)}`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
