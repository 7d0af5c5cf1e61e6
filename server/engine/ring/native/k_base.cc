// What every CPU of the architecture can run: scalar 64-bit multiplies, and the compiler's own
// 128-bit vectors for 32-bit words (NEON on arm64, SSE2 on x86-64).
#include "gemm.h"

namespace {

struct ScalarU64 {
  using Word = u64;
  using Type = u64;
  static constexpr int width = 1;
  static INLINE Type load(const u64* p) { return *p; }
  static INLINE void store(u64* p, Type v) { *p = v; }
  static INLINE Type all(u64 v) { return v; }
  static INLINE Type add(Type a, Type b) { return a + b; }
  static INLINE Type sub(Type a, Type b) { return a - b; }
  static INLINE Type mul(Type a, Type b) { return a * b; }
};

struct VectorU32 {
  using Word = u32;
  typedef u32 Type __attribute__((vector_size(16)));
  static constexpr int width = 4;
  static INLINE Type load(const u32* p) {
    Type v;
    __builtin_memcpy(&v, p, 16);
    return v;
  }
  static INLINE void store(u32* p, Type v) { __builtin_memcpy(p, &v, 16); }
  static INLINE Type all(u32 v) { return Type{v, v, v, v}; }
  static INLINE Type add(Type a, Type b) { return a + b; }
  static INLINE Type sub(Type a, Type b) { return a - b; }
  static INLINE Type mul(Type a, Type b) { return a * b; }
};

#if defined(__aarch64__)
using Micro64 = WinogradMicro<ScalarU64, 4, 4>;  // 31 registers
#else
using Micro64 = WinogradMicro<ScalarU64, 3, 3>;  // 16 registers
#endif
using Micro32 = WinogradMicro<VectorU32, 2, 2>;

}  // namespace

#include "table.h"

extern const KernelTable kernels_base = KERNEL_TABLE;
