/** Decompression of a page into exactly the bytes that its header declares; more is refused, not made. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors';

const bound = (bytes: number) => ({ maxOutputLength: Math.max(1, bytes) });

/** Snappy is hyparquet's own, which also fills a buffer of the declared size. */
export const compressors: Compressors = {
  GZIP: (packed, bytes) => gunzipSync(packed, bound(bytes)),
  BROTLI: (packed, bytes) => brotliDecompressSync(packed, bound(bytes)),
  ZSTD: (packed, bytes) => zstdDecompressSync(packed, bound(bytes)),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};
