/** Linear layer: y = x W + b, weights stored input-major so that no transpose is needed at run time. */
import type { AShare, Protocol } from '../protocol.ts';

export interface Linear {
  /** [inputs, outputs] */
  readonly weight: AShare;
  /** [outputs]; null for a layer without. */
  readonly bias: AShare | null;
}

/** x [..., inputs] to [..., outputs]; one product and one truncation. */
export async function linear(mpc: Protocol, x: AShare, layer: Linear): Promise<AShare> {
  const rows = x.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const inputs = x.shape.at(-1) ?? 0;
  const flat = mpc.view(x, { reshape: [rows, inputs] });
  const product = await mpc.matmulTruncate(flat, layer.weight, mpc.ring.fractionBits);
  const y = layer.bias === null ? product : mpc.add(product, layer.bias);
  return mpc.view(y, { reshape: x.shape.with(-1, layer.weight.shape[1] ?? 0) });
}
