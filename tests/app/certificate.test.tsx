import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NewRun } from '../../app/new/new-run.tsx';
import { CertificatePage } from '../../app/runs/[id]/certificate/certificate-page.tsx';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import {
  certificatePredicateType,
  statementType,
  type CertificateDocument,
  type ProbeView,
} from '../../server/api/schemas/link-certificate.ts';
import { signStatement } from '../../server/runs/certify-run.ts';
import { loadSigningKey } from '../../server/runs/signing-key.ts';
import { doneRun, eventsOf } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const folder = mkdtempSync(join(tmpdir(), 'parley-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const key = loadSigningKey(folder);

const probe: ProbeView = {
  engine: 'switch',
  requested: {
    name: 'mpcvit-wan',
    bitsPerSecond: 400e6,
    rttMs: 40,
    overheadFactor: 1.0456,
    topology: 'nic',
    tcp: 'real',
  },
  matrix: null,
  measured: [
    {
      from: 0,
      to: 1,
      rttMs: { n: 25, min: 40.1, p50: 40.8, p99: 42 },
      bitsPerSecond: 396e6,
      bulkBytes: 9_000_000,
      bulks: 1,
    },
  ],
  duplex: [{ ends: [0, 1], bytesPerLink: 4_000_000, ms: 130, idealMs: 120, ratio: 1.08 }],
  allToAll: null,
  floor: null,
  late: { frames: 0, of: 150, worstMs: 0 },
  host: { cores: 2, platform: 'linux', kernel: '6.1', loadAverage: 0.3, foreignCpuShare: 0.04 },
  facts: { congestionControl: 'cubic' },
  attempts: 2,
  takenAt: '2026-11-23T01:00:00.000Z',
  tolerance: { rttShare: 0.05, rttMs: 0.06, rateShare: 0.02, lateShare: 0.005, lateFrames: 2 },
  verdict: 'met',
  reasons: [],
};
const document: CertificateDocument = {
  version: 1,
  runId: doneRun.id,
  specHash: doneRun.specHash,
  before: probe,
  after: null,
  late: { frames: 9, of: 1000, worstMs: 12 },
};
const envelope = signStatement(
  {
    _type: statementType,
    subject: [{ name: 'trace-party-0.json', digest: { sha256: 'c'.repeat(64) } }],
    predicateType: certificatePredicateType,
    predicate: document,
  },
  key,
);
const show = (signed: { envelope: string }) => {
  visit(`/runs/${doneRun.id}/certificate`);
  return renderApp(<CertificatePage id={doneRun.id} />, {
    'runs.certificate': () => ({ document, publicKey: key.publicKey, ...signed }),
  });
};

describe('the certificate page', () => {
  it('sets what was asked beside what was measured, and checks the signature here', async () => {
    show({ envelope });
    const before = await screen.findByRole('region', { name: 'Before the run' });
    const row = within(before).getByRole('row', { name: /0 → 1/ });
    expect(row).toHaveTextContent(/40 ms RTT\s*40\.8 ms/);
    expect(row).toHaveTextContent(/400 Mbit\/s\s*396 Mbit\/s/);
    expect(within(before).getByText('Link met')).toBeVisible();
    expect(before).toHaveTextContent(/packet switch, real TCP; a card per role.*attempt 2/);
    expect(within(before).getByRole('row', { name: /0 ↔ 1/ })).toHaveTextContent('1.08');
    expect(screen.getByText(/Not measured: a role had gone/)).toBeVisible();
    const signature = await screen.findByRole('region', { name: 'Signature' });
    expect(await within(signature).findByText('Signature checked in this browser')).toBeVisible();
    expect(signature).toHaveTextContent('c'.repeat(64));
    expect(signature).toHaveTextContent(key.keyId);
  });

  it('says when too many frames of the run were late', async () => {
    show({ envelope });
    expect(await screen.findByText(/9 of 1,000 frames of the run/)).toBeVisible();
  });

  it('does not take a certificate that was changed', async () => {
    const other = JSON.parse(envelope) as { payload: string };
    const text = atob(other.payload).replace('"p50":40.8', '"p50":40.0');
    show({ envelope: JSON.stringify({ ...other, payload: btoa(text) }) });
    expect(await screen.findByText(/was changed after it was signed/)).toBeVisible();
    expect(screen.getByText('Signature not checked')).toBeVisible();
  });

  it('is led to from the link check of a run that has one', async () => {
    const artifact = { name: 'link-certificate.json', bytes: 100, sha256: 'd'.repeat(64) };
    visit(`/runs/${doneRun.id}`);
    renderApp(<RunPage id={doneRun.id} />, {
      'runs.get': () => ({ ...doneRun, artifacts: [...doneRun.artifacts, artifact] }),
      'runs.events': () => eventsOf(4).slice(0, 5),
    });
    const link = await screen.findByRole('link', { name: 'Link certificate' });
    expect(link).toHaveAttribute('href', `/runs/${doneRun.id}/certificate`);
  });
});

describe('a network of one’s own', () => {
  it('is read from the address with all that it asks, and refused by name', async () => {
    visit('/new?network=mine&rate=400000000&rtt=40&topology=shared');
    const user = userEvent.setup();
    renderApp(<NewRun />);
    expect(await screen.findByRole('radio', { name: /^Custom/ })).toBeChecked();
    expect(
      (await screen.findAllByText(/shared needs one queue for all parties/)).length,
    ).toBeGreaterThan(0);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Backend' }), 'kernel');
    expect(screen.queryByText(/shared needs one queue for all parties/)).toBeNull();
    expect(screen.queryByRole('combobox', { name: 'TCP' })).toBeNull();
  });
});
