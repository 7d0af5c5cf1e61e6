'use client';
/** The link certificate of one run: verdict, what was measured before and after, and the signature. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { tooManyLate } from '../../../../server/api/schemas/late-frames.ts';
import { certificateArtifact } from '../../../../server/api/schemas/artifact-names.ts';
import type { SignedCertificate } from '../../../../server/api/schemas/link-certificate.ts';
import {
  formatCount,
  formatDuration,
  formatPercent,
} from '../../../../server/api/schemas/format.ts';
import { Icon } from '../../../_components/icon.tsx';
import { Panel, Stack } from '../../../_components/panel.tsx';
import { Failure, Notice, Waiting } from '../../../_components/states.tsx';
import { useCertificate } from '../../../_lib/api.ts';
import { saveAs } from '../../../_lib/save.ts';
import classes from '../../../_run/run-view.module.css';
import { ProbeTables } from './probe-tables.tsx';
import { SignatureCheck } from './signature-check.tsx';

export function CertificatePage({ id }: { id: string }) {
  const certificate = useCertificate(id);
  return (
    <Stack>
      <header className={classes.header}>
        <h1>Link certificate</h1>
        <p className={classes.sentence}>
          What was asked of the network of <Link href={`/runs/${id}`}>run {id}</Link> and what was
          measured over the run’s own connections, signed by this installation.{' '}
          <Link href="/learn/networks">How links are imposed and certified</Link>
        </p>
      </header>
      {certificate.data !== undefined ? (
        <Certificate id={id} signed={certificate.data} />
      ) : certificate.error === null ? (
        <Waiting what="the certificate" height={480} />
      ) : (
        <Failure
          title="There is no certificate to show"
          reason={certificate.error}
          retry={certificate.retry}
        />
      )}
    </Stack>
  );
}

function Certificate({ id, signed }: { id: string; signed: SignedCertificate }) {
  const { document, envelope, publicKey } = signed;
  const { before, after, late } = document;
  return (
    <>
      {tooManyLate(late) && (
        <Notice>
          {formatCount(late.frames)} of {formatCount(late.of)} frames of the run (
          {formatPercent(late.of === 0 ? 0 : late.frames / late.of, 2)}) came later than the link
          says, by up to {formatDuration(late.worstMs)}: its measured time is this machine’s and not
          that link’s.
        </Notice>
      )}
      <Panel title="Before the run" note="Application-level round trips; the rate is of the wire.">
        <ProbeTables probe={before} />
      </Panel>
      <Panel title="After the run" note="The same in short, over the same connections.">
        {after === null ? (
          <p className={classes.quiet}>Not measured: a role had gone before it could.</p>
        ) : (
          <ProbeTables probe={after} />
        )}
      </Panel>
      <Panel
        title="Signature"
        note="Ed25519 in a DSSE envelope, over an in-toto statement whose subjects are the run’s traces."
        aside={
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => saveAs(`${id}-${certificateArtifact}`, 'application/json', envelope)}
          >
            Download certificate
          </Button>
        }
      >
        <SignatureCheck envelope={envelope} publicKey={publicKey} />
      </Panel>
    </>
  );
}
