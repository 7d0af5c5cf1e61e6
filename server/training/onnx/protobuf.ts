/**
 * Writes protocol buffers: the three wire types that an ONNX model needs.
 *
 * A message is a list of fields, each a key (field number and wire type) and a value. Nothing is read
 * back: onnxruntime does that, and refuses a message that is wrong.
 */

/** One encoded field, or several, as pieces that are joined only once, at the end. */
export type Pieces = readonly Uint8Array[];

const text = new TextEncoder();

/** A whole number of up to 64 bits in groups of seven bits, lowest first; negatives as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const key = (field: number, wireType: 0 | 2 | 5): Uint8Array => varint((field << 3) | wireType);

/** int32, int64, enum and bool fields. */
export const whole = (field: number, value: number | bigint): Pieces => [
  key(field, 0),
  varint(value),
];

/** A float field: four bytes, little-endian. */
export function float(field: number, value: number): Pieces {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [key(field, 5), bytes];
}

/** A bytes field; the bytes are not copied before `join`. */
export const bytes = (field: number, value: Uint8Array): Pieces => [
  key(field, 2),
  varint(value.byteLength),
  value,
];

export const string = (field: number, value: string): Pieces => bytes(field, text.encode(value));

/** A message within a message. */
export function message(field: number, pieces: Pieces): Pieces {
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  return [key(field, 2), varint(length), ...pieces];
}

export function join(pieces: Pieces): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.byteLength;
  }
  return joined;
}
