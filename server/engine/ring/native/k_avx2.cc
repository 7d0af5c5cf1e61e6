// AVX2 and BMI2. There is no 64-bit vector multiply; the cross-term trick makes one of two halves:
//   s * t = lo(s)*lo(t) + 2^32 * (lo(s)*hi(t) + hi(s)*lo(t))   mod 2^64
// vpmuludq gives the first product; vpmulld of s with the halves of t swapped gives both cross
// products, in the two 32-bit lanes of an accumulator of their own, added up only at the end.
#include <immintrin.h>

#include "gemm.h"

namespace {

struct CrossMicro {
  using Word = u64;
  static constexpr int MR = 2, NV = 2, NR = 4 * NV;

  static INLINE __m256i load(const u64* p) { return _mm256_loadu_si256((const __m256i*)p); }
  static INLINE __m256i all(u64 v) { return _mm256_set1_epi64x((long long)v); }

  static void run(size_t kc, const u64* a, const u64* b, u64* c, size_t ldc) {
    const u64 *xi = a + MR * kc, *eta = b + NR * kc;
    __m256i low[MR][NV], cross[MR][NV];
    UNROLL for (int i = 0; i < MR; i++)
      UNROLL for (int j = 0; j < NV; j++) {
        low[i][j] = _mm256_sub_epi64(load(c + i * ldc + 4 * j),
                                     _mm256_add_epi64(all(xi[i]), load(eta + 4 * j)));
        cross[i][j] = _mm256_setzero_si256();
      }
    for (size_t p = 0; p < kc; p += 2, a += 2 * MR, b += 2 * NR) {
      UNROLL for (int i = 0; i < MR; i++) {
        const __m256i a0 = all(a[2 * i]), a1 = all(a[2 * i + 1]);
        UNROLL for (int j = 0; j < NV; j++) {
          const __m256i s = _mm256_add_epi64(a0, load(b + NR + 4 * j));
          const __m256i t = _mm256_add_epi64(a1, load(b + 4 * j));
          low[i][j] = _mm256_add_epi64(low[i][j], _mm256_mul_epu32(s, t));
          cross[i][j] = _mm256_add_epi32(
              cross[i][j], _mm256_mullo_epi32(s, _mm256_shuffle_epi32(t, 0xB1)));
        }
      }
    }
    UNROLL for (int i = 0; i < MR; i++)
      UNROLL for (int j = 0; j < NV; j++) {
        const __m256i both = _mm256_add_epi64(cross[i][j], _mm256_srli_epi64(cross[i][j], 32));
        _mm256_storeu_si256((__m256i*)(c + i * ldc + 4 * j),
                            _mm256_add_epi64(low[i][j], _mm256_slli_epi64(both, 32)));
      }
  }
};

struct Avx2U32 {
  using Word = u32;
  using Type = __m256i;
  static constexpr int width = 8;
  static INLINE Type load(const u32* p) { return _mm256_loadu_si256((const __m256i*)p); }
  static INLINE void store(u32* p, Type v) { _mm256_storeu_si256((__m256i*)p, v); }
  static INLINE Type all(u32 v) { return _mm256_set1_epi32((int)v); }
  static INLINE Type add(Type a, Type b) { return _mm256_add_epi32(a, b); }
  static INLINE Type sub(Type a, Type b) { return _mm256_sub_epi32(a, b); }
  static INLINE Type mul(Type a, Type b) { return _mm256_mullo_epi32(a, b); }
};

using Micro64 = CrossMicro;
using Micro32 = WinogradMicro<Avx2U32, 4, 2>;

}  // namespace

#include "table.h"

extern const KernelTable kernels_avx2 = KERNEL_TABLE;
