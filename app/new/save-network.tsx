'use client';
/** Keeps the network of the form under its name, for this form and for everybody who uses this server. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { savedNetworkSchema } from '../../server/api/schemas/saved-network.ts';
import { useSaveNetwork } from '../_lib/api-networks.ts';
import type { SpecDraft } from '../_lib/spec-draft.ts';
import classes from './new-run.module.css';

export default function SaveNetwork({ network }: { readonly network: SpecDraft['network'] }) {
  const save = useSaveNetwork();
  const parsed = savedNetworkSchema.safeParse(network);
  const fault = parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
  /** What was answered is about the name that stands there now. */
  const asked = save.variables?.name === network.name;
  return (
    <div className={classes.save}>
      <Button
        variant="default"
        size="xs"
        disabled={!parsed.success}
        loading={save.isPending}
        onClick={() => parsed.success && save.mutate(parsed.data)}
      >
        Save this network
      </Button>
      <output>
        {fault !== null ? (
          fault
        ) : asked && save.isSuccess ? (
          <>
            Saved as {save.data.name}. <Link href="/learn/networks">All saved networks</Link>
          </>
        ) : asked && save.isError ? (
          save.error.message
        ) : (
          'Under the name above, for everybody who uses this server.'
        )}
      </output>
    </div>
  );
}
