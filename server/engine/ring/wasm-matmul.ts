/** Matrix products of the wasm backend: operands go through the wasm memory in tiles. */
import type { Bytes, MatmulShape, RingBits } from './kernels.ts';
import type { WasmMemory } from './wasm-memory.ts';

/** Largest tile, in elements: y of 8 MiB, which leaves copying below a tenth of the work. */
const tile = { m: 256, k: 1024, n: 1024 };
/** Products of a batch that together need at most this many bytes share one call. */
const groupBytes = 1 << 20;

/** The kernel over addresses, with `accumulate` and without a shared y. */
export type AddressedMatmul = (
  batch: number,
  m: number,
  k: number,
  n: number,
  accumulate: boolean,
  addresses: { x: number; y: number; out: number },
) => void;

/** See `Kernels.matmul`; arguments are checked by the caller. */
export function tiledMatmul(
  memory: WasmMemory,
  bits: RingBits,
  x: Bytes,
  y: Bytes,
  out: Bytes,
  shape: MatmulShape,
  kernel: AddressedMatmul,
): void {
  if (out.length === 0) return;
  const width = bits / 8;
  const { k, n } = shape;
  // One y: the batch is simply more rows.
  const [batch, m] = shape.yBatch === 1 ? [1, shape.batch * shape.m] : [shape.batch, shape.m];
  const sizes = { x: m * k * width, y: k * n * width, out: m * n * width };
  const group = Math.floor(groupBytes / (sizes.x + sizes.y + sizes.out));
  const accumulate = shape.accumulate ?? false;

  for (let b = 0; b < batch;) {
    const count = Math.min(Math.max(1, group), batch - b);
    const part = (bytes: Bytes, size: number) => bytes.subarray(b * size, (b + count) * size);
    const [px, py, pout] = [part(x, sizes.x), part(y, sizes.y), part(out, sizes.out)];
    if (group >= 1) {
      memory.clear();
      const addresses = { x: memory.put(px), y: memory.put(py), out: memory.put(pout) };
      kernel(count, m, k, n, accumulate, addresses);
      memory.get(addresses.out, pout);
    } else {
      if (!accumulate) pout.fill(0);
      addTiles(memory, width, px, py, pout, m, k, n, kernel);
    }
    b += count;
  }
}

/** out += x * y, tile by tile. */
function addTiles(
  memory: WasmMemory,
  width: number,
  x: Bytes,
  y: Bytes,
  out: Bytes,
  m: number,
  k: number,
  n: number,
  kernel: AddressedMatmul,
): void {
  for (let n0 = 0; n0 < n; n0 += tile.n) {
    const n1 = Math.min(tile.n, n - n0);
    for (let k0 = 0; k0 < k; k0 += tile.k) {
      const k1 = Math.min(tile.k, k - k0);
      for (let m0 = 0; m0 < m; m0 += tile.m) {
        const m1 = Math.min(tile.m, m - m0);
        memory.clear();
        // y lies first: it is the same for all row tiles and is copied for the first of them only.
        const yAddress =
          m0 === 0
            ? memory.putRows(y, (k0 * n + n0) * width, k1, n1 * width, n * width)
            : memory.take(k1 * n1 * width);
        const to = (m0 * n + n0) * width;
        const addresses = {
          y: yAddress,
          x: memory.putRows(x, (m0 * k + k0) * width, m1, k1 * width, k * width),
          out: memory.putRows(out, to, m1, n1 * width, n * width),
        };
        kernel(1, m1, k1, n1, true, addresses);
        memory.getRows(addresses.out, out, to, m1, n1 * width, n * width);
      }
    }
  }
}
