// AVX-512 (F, BW, DQ, VL) and BMI2: vpmullq multiplies eight 64-bit words at once.
#include <immintrin.h>

#include "gemm.h"

namespace {

struct Avx512U64 {
  using Word = u64;
  using Type = __m512i;
  static constexpr int width = 8;
  static INLINE Type load(const u64* p) { return _mm512_loadu_si512(p); }
  static INLINE void store(u64* p, Type v) { _mm512_storeu_si512(p, v); }
  static INLINE Type all(u64 v) { return _mm512_set1_epi64((long long)v); }
  static INLINE Type add(Type a, Type b) { return _mm512_add_epi64(a, b); }
  static INLINE Type sub(Type a, Type b) { return _mm512_sub_epi64(a, b); }
  static INLINE Type mul(Type a, Type b) { return _mm512_mullo_epi64(a, b); }
};

struct Avx512U32 {
  using Word = u32;
  using Type = __m512i;
  static constexpr int width = 16;
  static INLINE Type load(const u32* p) { return _mm512_loadu_si512(p); }
  static INLINE void store(u32* p, Type v) { _mm512_storeu_si512(p, v); }
  static INLINE Type all(u32 v) { return _mm512_set1_epi32((int)v); }
  static INLINE Type add(Type a, Type b) { return _mm512_add_epi32(a, b); }
  static INLINE Type sub(Type a, Type b) { return _mm512_sub_epi32(a, b); }
  static INLINE Type mul(Type a, Type b) { return _mm512_mullo_epi32(a, b); }
};

using Micro64 = WinogradMicro<Avx512U64, 4, 4>;
using Micro32 = WinogradMicro<Avx512U32, 4, 4>;

}  // namespace

#include "table.h"

extern const KernelTable kernels_avx512 = KERNEL_TABLE;
