/** Numbers of the operations, as in native/kernels.h: strings never reach C++ or WebAssembly. */
import type { BinaryOp, BitOp } from './kernels.ts';

export const binaryCode: Readonly<Record<BinaryOp, number>> = { add: 0, sub: 1, mul: 2 };
export const bitCode: Readonly<Record<BitOp, number>> = { and: 0, xor: 1, or: 2 };
export const shiftCode = { left: 0, logical: 1, arithmetic: 2 } as const;
