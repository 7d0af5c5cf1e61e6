/** Hands the reader a file that this page made. */
export function saveAs(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The download has its own hold on the blob after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
