'use client';

/** Shown when even the shell cannot be drawn; it stands alone, without styles of its own. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Parley cannot be drawn</h1>
          <p>Something in the page’s frame broke. Runs and results are not touched.</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
