/** How much of a stranger's parquet file is unpacked, at most; tests give smaller numbers. */
export interface ParquetLimits {
  /** Rows of the file. */
  readonly rows: number;
  /** Bytes of the chosen columns, unpacked, as the file declares them. */
  readonly unpackedBytes: number;
  /** Bytes of the footer, which holds the schema and where everything is. */
  readonly footerBytes: number;
  /** Memory of the thread that reads, MiB, and how long it may take. */
  readonly heapMebibytes: number;
  readonly seconds: number;
}

export const parquetLimits: ParquetLimits = {
  rows: 2_000_000,
  unpackedBytes: 512 * 2 ** 20,
  footerBytes: 32 * 2 ** 20,
  heapMebibytes: 2048,
  seconds: 300,
};
