'use client';
/** Learn > Protocols: what the words mean, whom each protocol trusts, and what every operation costs. */
import { useEffect } from 'react';
import { variantIds } from '../../../server/api/schemas/spec-ids.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useOperationCosts, useProtocols } from '../../_lib/api.ts';
import { protocolAnchor } from '../../_protocols/threat-short.tsx';
import classes from './learn.module.css';
import { OperationCostsView } from './operation-costs.tsx';
import { ProtocolCard } from './protocol-card.tsx';
import { Words } from './words.tsx';

export function LearnProtocols() {
  const protocols = useProtocols();
  const costs = useOperationCosts();
  const known = protocols.data !== undefined;
  // Their names are no news: the page does not move when the rest comes.
  const named = protocols.data?.map(({ id }) => id) ?? variantIds;

  // The parts come after the page: an address that names one has to be followed again.
  useEffect(() => {
    if (known && window.location.hash !== '') {
      document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
    }
  }, [known]);

  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Protocols</h1>
        <p>
          Who computes, who is trusted, what each role sees, and what every operation costs. All of
          it is generated from the data that the engine itself uses.
        </p>
        {protocols.error === null && (
          <nav aria-label="Protocols on this page" className={classes.contents}>
            {named.map((id) => (
              <a key={id} href={`#${protocolAnchor(id)}`}>
                {id}
              </a>
            ))}
            <a href="#costs">Costs of operations</a>
          </nav>
        )}
      </header>
      <Words />
      {protocols.data !== undefined ? (
        protocols.data.map((protocol) => <ProtocolCard key={protocol.id} protocol={protocol} />)
      ) : protocols.error !== null ? (
        <Failure
          title="The protocols cannot be read"
          reason={protocols.error}
          retry={protocols.retry}
        />
      ) : (
        <Waiting what="the protocols" height={900} />
      )}
      <div id="costs">
        <Panel
          title="What operations cost"
          note="Payload bytes and rounds of one operation, from shapes alone, beside what a run of it sent and what papers and their systems state."
        >
          {costs.data !== undefined ? (
            <OperationCostsView costs={costs.data} />
          ) : costs.error !== null ? (
            <Failure title="The costs cannot be read" reason={costs.error} retry={costs.retry} />
          ) : (
            <Waiting what="the costs" height={600} />
          )}
        </Panel>
      </div>
    </Stack>
  );
}
