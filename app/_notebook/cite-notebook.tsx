'use client';
/** How to cite a notebook: BibTeX as its file has it, to copy. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../_components/copy-button.tsx';
import { Failure, Waiting } from '../_components/states.tsx';
import { useExportText } from '../_lib/api-run-page.ts';
import classes from './notebook.module.css';

export function CiteNotebook({ path }: { readonly path: string }) {
  const [open, setOpen] = useState(false);
  const bib = useExportText(open ? `${path}.bib` : null);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Cite
      </Button>
      {open &&
        (bib.data !== undefined ? (
          <span className={classes.cite}>
            <pre aria-label="BibTeX">{bib.data}</pre>
            <CopyButton value={bib.data} label="Copy BibTeX" />
          </span>
        ) : bib.error === null ? (
          <Waiting what="the citation" height={120} />
        ) : (
          <Failure title="There is no citation" reason={bib.error} retry={bib.retry} />
        ))}
    </>
  );
}
