/**
 * What is typed between asking for the palette and its being there. Without this the first letters
 * would reach the page's own shortcuts whenever the palette's code is still on its way.
 */

export interface EarlyKeys {
  /** Begins to collect, unless a dialog has the focus already. */
  start(): void;
  /** Stops, and gives what was typed. */
  take(): string;
}

/** Somebody who waits longer than this has given up. */
const mostMs = 5000;

export function earlyKeys(): EarlyKeys {
  let text = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    window.removeEventListener('keydown', collect, true);
    clearTimeout(timer);
  };
  const inDialog = (): boolean => document.activeElement?.closest('[role="dialog"]') != null;
  function collect(event: KeyboardEvent): void {
    if (event.key === 'Escape' || inDialog()) {
      stop();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Backspace') text = text.slice(0, -1);
    else if (event.key.length === 1) text += event.key;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return {
    start: () => {
      if (inDialog()) return;
      stop();
      text = '';
      window.addEventListener('keydown', collect, true);
      timer = setTimeout(stop, mostMs);
    },
    take: () => {
      stop();
      const typed = text;
      text = '';
      return typed;
    },
  };
}
