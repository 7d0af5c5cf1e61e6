/** Lists of positions as people write them: "0-12, 20". */

/** "0-12, 20" of ascending positions; `between` parts stands a comma, in addresses a dot. */
export function tokensText(tokens: readonly number[], between = ', '): string {
  const parts: { from: number; to: number }[] = [];
  for (const token of tokens) {
    const last = parts.at(-1);
    if (last !== undefined && last.to === token - 1) last.to = token;
    else parts.push({ from: token, to: token });
  }
  return parts.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(between);
}

/** More than any model reads: a range that is longer is a slip, and is refused with the list. */
const longest = 2048;

/** Positions in ascending order; undefined for an empty text. What is no position becomes NaN, which a spec refuses. */
export function tokensOf(text: string): readonly number[] | undefined {
  const parts = text.split(/[,.\s]+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const tokens = parts.flatMap((part) => {
    const [, from, to] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    if (from === undefined) return [Number.NaN];
    const [start, end] = [Number(from), Number(to ?? from)];
    if (end < start || end - start > longest) return [Number.NaN];
    return Array.from({ length: end - start + 1 }, (_, at) => start + at);
  });
  return [...new Set(tokens)].toSorted((a, b) => a - b);
}
