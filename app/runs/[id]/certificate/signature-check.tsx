'use client';
/** Checks the signature in this browser, and says what it is over. */
import { useEffect, useState } from 'react';
import {
  verifyCertificate,
  type Verification,
} from '../../../../server/api/schemas/link-certificate.ts';
import { CopyButton } from '../../../_components/copy-button.tsx';
import { KeyValues } from '../../../_components/key-values.tsx';
import { Verdict } from '../../../_components/state-badge.tsx';
import classes from '../../../_run/run-view.module.css';

interface SignatureCheckProps {
  readonly envelope: string;
  readonly publicKey: string;
}

export function SignatureCheck({ envelope, publicKey }: SignatureCheckProps) {
  const [result, setResult] = useState<Verification | null>(null);
  useEffect(() => {
    let stale = false;
    const check = async (): Promise<void> => {
      const verification = await verifyCertificate(envelope, publicKey);
      if (!stale) setResult(verification);
    };
    void check();
    return () => {
      stale = true;
    };
  }, [envelope, publicKey]);
  if (result === null) return <output className={classes.quiet}>Checking the signature.</output>;
  return (
    <>
      <div className={classes.lead}>
        <Verdict ok={result.ok}>
          {result.ok ? 'Signature checked in this browser' : 'Signature not checked'}
        </Verdict>
        {!result.ok && <span>{result.why}</span>}
        <CopyButton value={publicKey} label="Copy public key" />
      </div>
      {result.ok && (
        <KeyValues
          entries={[
            ['Key (SHA-256)', result.keyId],
            ...result.statement.subject.map(
              ({ name, digest }) => [`Of ${name}`, digest.sha256] as const,
            ),
          ]}
        />
      )}
      <p className={classes.quiet}>
        Elsewhere: <code>parley certificate verify FILE --key KEY.pem</code>
      </p>
    </>
  );
}
