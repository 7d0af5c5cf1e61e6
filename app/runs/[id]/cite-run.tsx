'use client';
/** How to cite a run: BibTeX as the export writes it, to copy. */
import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useExportText } from '../../_lib/api-run-page.ts';
import classes from './run-actions.module.css';

export default function CiteRun({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const address = `/runs/${id}.bib`;
  const bib = useExportText(open ? address : null);
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="book" size={15} />}
        onClick={() => setOpen(true)}
      >
        Cite
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="Cite this run"
        // The lock writes a style of its own into the page, which the CSP refuses.
        lockScroll={false}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {bib.data !== undefined ? (
          <div className={classes.cite}>
            <Textarea
              label="BibTeX"
              description="The address is of this installation. Share the run first if readers are to open it: a published copy has a citation of its own."
              value={bib.data}
              readOnly
              rows={12}
              classNames={{ input: classes.mono ?? '' }}
              onFocus={(event) => event.currentTarget.select()}
            />
            <div className={classes.buttons}>
              <CopyButton value={bib.data} label="Copy BibTeX" />
              <Button
                component="a"
                href={address}
                download={`${id}.bib`}
                size="xs"
                variant="subtle"
              >
                Download .bib
              </Button>
            </div>
          </div>
        ) : bib.error === null ? (
          <Waiting what="the citation" height={180} />
        ) : (
          <Failure title="There is no citation" reason={bib.error} retry={bib.retry} />
        )}
      </Modal>
    </>
  );
}
