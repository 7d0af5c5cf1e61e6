// The kernels for WebAssembly with 128-bit SIMD. No libc: the compiler turns block copies into the
// memory.copy and memory.fill instructions.
//
// The module exports kernel_table(), whose entries index the exported function table; their order
// is that of KernelTable, and backend-wasm.ts repeats it. Memory from __heap_base on is the
// caller's.
#include <wasm_simd128.h>

#include "gemm.h"

namespace {

struct WasmU64 {
  using Word = u64;
  using Type = v128_t;
  static constexpr int width = 2;
  static INLINE Type load(const u64* p) { return wasm_v128_load(p); }
  static INLINE void store(u64* p, Type v) { wasm_v128_store(p, v); }
  static INLINE Type all(u64 v) { return wasm_u64x2_splat(v); }
  static INLINE Type add(Type a, Type b) { return wasm_i64x2_add(a, b); }
  static INLINE Type sub(Type a, Type b) { return wasm_i64x2_sub(a, b); }
  static INLINE Type mul(Type a, Type b) { return wasm_i64x2_mul(a, b); }
};

struct WasmU32 {
  using Word = u32;
  using Type = v128_t;
  static constexpr int width = 4;
  static INLINE Type load(const u32* p) { return wasm_v128_load(p); }
  static INLINE void store(u32* p, Type v) { wasm_v128_store(p, v); }
  static INLINE Type all(u32 v) { return wasm_u32x4_splat(v); }
  static INLINE Type add(Type a, Type b) { return wasm_i32x4_add(a, b); }
  static INLINE Type sub(Type a, Type b) { return wasm_i32x4_sub(a, b); }
  static INLINE Type mul(Type a, Type b) { return wasm_i32x4_mul(a, b); }
};

using Micro64 = WinogradMicro<WasmU64, 2, 2>;
using Micro32 = WinogradMicro<WasmU32, 2, 2>;

}  // namespace

#include "table.h"

static const KernelTable kernels = KERNEL_TABLE;

extern "C" __attribute__((export_name("kernel_table"))) const KernelTable* kernel_table() {
  return &kernels;
}
