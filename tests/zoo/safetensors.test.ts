import { describe, expect, it } from 'vitest';
import { ZooError } from '../../server/zoo/errors.ts';
import { halfToNumber, numberToHalf } from '../../server/zoo/half-precision.ts';
import { parseSafetensors, writeSafetensors } from '../../server/zoo/safetensors.ts';

/** A file with exactly this header text and these data bytes. */
function file(header: string, data: Uint8Array, claimedLength?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, claimedLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

const eightBytes = new Uint8Array(8);

describe('safetensors', () => {
  it.each(['F16', 'F32'] as const)('writes and reads back %s', (dtype) => {
    const data = Float32Array.of(0, 1, -2.5, 65504, 2 ** -24, -(2 ** -14));
    const tensors = new Map([
      ['a.weight', { shape: [2, 3], data }],
      ['empty', { shape: [0, 4], data: new Float32Array() }],
      ['scalar', { shape: [], data: Float32Array.of(7) }],
    ]);
    const bytes = writeSafetensors(tensors, { dtype, metadata: { format: 'pt' } });
    const read = parseSafetensors(bytes, 'round-trip');
    expect(read.metadata).toEqual({ format: 'pt' });
    expect([...read.tensors]).toEqual([...tensors]);
  });

  it('reads BF16 and I64, from a view into a larger buffer at an odd offset', () => {
    const data = new Uint8Array(12);
    const view = new DataView(data.buffer);
    view.setUint16(0, 0x3fc0, true); // 1.5
    view.setUint16(2, 0xc000, true); // -2
    view.setBigInt64(4, -3n, true);
    const bytes = file(
      `{"b":${entry('BF16', [2], [0, 4])},"i":${entry('I64', [1], [4, 12])}}`,
      data,
    );
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const { tensors } = parseSafetensors(shifted.subarray(3), 'mixed');
    expect([...(tensors.get('b')?.data ?? [])]).toEqual([1.5, -2]);
    expect([...(tensors.get('i')?.data ?? [])]).toEqual([-3]);
  });

  it('converts every finite half to a number and back', () => {
    const all = Array.from({ length: 65536 }, (_, bits) => bits);
    const numbers = all.filter((bits) => !Number.isNaN(halfToNumber(bits)));
    expect(numbers).toHaveLength(65536 - 2 * 1023);
    expect(numbers.map((bits) => numberToHalf(halfToNumber(bits)))).toEqual(numbers);
    expect(halfToNumber(numberToHalf(2049))).toBe(2048); // a tie goes to the even neighbour
    expect(halfToNumber(numberToHalf(65519))).toBe(65504);
    expect(halfToNumber(numberToHalf(65520))).toBe(Infinity);
    expect(Number.isNaN(halfToNumber(numberToHalf(NaN)))).toBe(true);
  });

  const hostile: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(), /0 bytes are too few/],
    [
      'a header length of 2^64 - 1',
      file('{}', eightBytes, 2n ** 64n - 1n),
      /18446744073709551615 bytes/,
    ],
    ['a header longer than the file', file('{}', eightBytes, 11n), /claims 11 bytes/],
    ['a header that is not JSON', file('{"a":', eightBytes), /not JSON/],
    ['a header that is not UTF-8', file('{}', eightBytes, 10n), /not JSON/],
    ['a header that is a list', file('[]', eightBytes), /not a JSON object/],
    [
      'an unknown dtype',
      file(`{"a":${entry('F8_E4M3', [8], [0, 8])}}`, eightBytes),
      /tensor "a": dtype F8_E4M3 is not one of F16, BF16, F32, I64/,
    ],
    [
      'a dtype that is an inherited name',
      file(`{"a":${entry('constructor', [8], [0, 8])}}`, eightBytes),
      /dtype constructor/,
    ],
    [
      'a negative size',
      file(`{"a":${entry('F32', [-2], [0, 8])}}`, eightBytes),
      /shape \[-2\] is not a list of sizes/,
    ],
    ['a shape that is a string', file(`{"a":${entry('F32', '2', [0, 8])}}`, eightBytes), /shape/],
    [
      'a product of sizes that overflows',
      file(`{"a":${entry('F32', [2 ** 40, 2 ** 40], [0, 8])}}`, eightBytes),
      /8 bytes, but/,
    ],
    ['offsets past the end', file(`{"a":${entry('F32', [4], [0, 16])}}`, eightBytes), /outside/],
    ['offsets backwards', file(`{"a":${entry('F32', [1], [8, 4])}}`, eightBytes), /outside/],
    ['three offsets', file(`{"a":${entry('F32', [2], [0, 8, 8])}}`, eightBytes), /begin, end/],
    ['a fractional offset', file(`{"a":${entry('F32', [1], [0.5, 4.5])}}`, eightBytes), /begin/],
    [
      'a wrong byte count',
      file(`{"a":${entry('F16', [3], [0, 8])}}`, eightBytes),
      /8 bytes, but F16 \[3\] needs 6/,
    ],
    [
      'overlapping tensors',
      file(`{"a":${entry('F16', [3], [0, 6])},"b":${entry('F32', [1], [4, 8])}}`, eightBytes),
      /"a" and "b" share bytes 4 to 6/,
    ],
    [
      'a name listed twice',
      file(`{"a":${entry('F32', [1], [0, 4])},"\\u0061":${entry('F32', [1], [4, 8])}}`, eightBytes),
      /"a" is listed twice/,
    ],
    ['an entry that is null', file('{"a":null}', eightBytes), /not an object/],
  ];
  it.each(hostile)('refuses %s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes, 'hostile.safetensors')).toThrow(ZooError);
    expect(() => parseSafetensors(bytes, 'hostile.safetensors')).toThrow(message);
    expect(() => parseSafetensors(bytes, 'hostile.safetensors')).toThrow(/hostile\.safetensors/);
  });

  it('refuses to write data that does not fill its shape', () => {
    const tensors = new Map([['a', { shape: [3], data: new Float32Array(2) }]]);
    expect(() => writeSafetensors(tensors, { dtype: 'F32' })).toThrow(/2 values do not fill/);
  });
});
