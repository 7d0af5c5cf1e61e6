/** What a paper's numbers assume, beside what is assumed here: read before any comparison. */
import type { PaperAssumptions } from '../../server/api/schemas/papers.ts';
import { KeyValues } from '../_components/key-values.tsx';
import { Panel } from '../_components/panel.tsx';

export function AssumptionBox({ of }: { readonly of: PaperAssumptions }) {
  return (
    <Panel title="What the numbers assume">
      <KeyValues
        entries={[
          ['Threat model', of.threatModel],
          ['Dealer', of.dealer],
          ['Bytes', of.bytes],
          ['Network, as printed', of.networkPrinted],
          ['Network, as run here', of.networkHere],
        ]}
      />
    </Panel>
  );
}
