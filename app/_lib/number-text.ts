/** What somebody typed, or an address says, as a number where it is one and as it stands where not. */

/** "1,000", "2.5" and "1e6" are numbers; "", "2,5" and "ten" stay texts. */
export function numberOrText(text: string): number | string {
  const trimmed = text.trim();
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(trimmed)
    ? trimmed.replaceAll(',', '')
    : trimmed;
  return /^-?(\d+\.?\d*|\.\d+)(e\+?\d+)?$/i.test(plain) ? Number(plain) : trimmed;
}
