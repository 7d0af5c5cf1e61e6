'use client';
/** Fetches one of a run's files and hands it to the reader. */
import { Button } from '@mantine/core';
import { Icon } from '../../_components/icon.tsx';
import { useArtifact } from '../../_lib/api.ts';
import { asSentence } from '../../../server/api/schemas/format.ts';
import { mostTextBytes } from '../../../server/api/schemas/artifact-names.ts';
import { saveAs } from '../../_lib/save.ts';
import classes from './download-file.module.css';

interface DownloadFileProps {
  readonly runId: string;
  readonly name: string;
  readonly bytes: number;
}

/** Packed files are handed out unpacked, except large ones, which come as they lie there. */
export function DownloadFile({ runId, name, bytes }: DownloadFileProps) {
  return bytes > mostTextBytes ? (
    <Button
      component="a"
      href={`/api/files/${runId}/${name}`}
      download={`${runId}-${name}`}
      variant="subtle"
      size="xs"
      leftSection={<Icon name="download" size={14} />}
      aria-label={`Download ${name}`}
    >
      Download
    </Button>
  ) : (
    <DownloadText runId={runId} name={name} />
  );
}

function DownloadText({ runId, name }: { runId: string; name: string }) {
  const artifact = useArtifact();
  const download = (): void =>
    artifact.mutate(
      { id: runId, name },
      { onSuccess: (file) => saveAs(`${runId}-${file.name}`, file.mediaType, file.text) },
    );
  return (
    <>
      <Button
        variant="subtle"
        size="xs"
        leftSection={<Icon name="download" size={14} />}
        onClick={download}
        loading={artifact.isPending}
        aria-label={`Download ${name}`}
      >
        Download
      </Button>
      {artifact.error !== null && (
        <p role="alert" className={classes.error}>
          {asSentence(artifact.error.message)}
        </p>
      )}
    </>
  );
}
