// Matrix product mod 2^64 and mod 2^32: packed, blocked, with Winograd's inner-product identity.
//
// Winograd (1968), exact in every commutative ring, halves the multiplications:
//   a0*b0 + a1*b1 = (a0 + b1) * (a1 + b0) - a0*a1 - b0*b1
// xi[row] = sum a0*a1 is taken while packing A, eta[column] = sum b0*b1 while packing B.
//
// Packed A: tiles of MR rows; per pair of k: a0, a1 of each row; then xi of each row.
// Packed B: panels of NR columns; per pair of k: a row of b0, a row of b1; then a row of eta.
//
// A micro-kernel loads the tile of C, runs over k and stores it, without any branch: with an `if`
// on the accumulators GCC 12 keeps them on the stack and stores them inside the loop (16 instead
// of 21 GMAC/s). Tiles at the edges therefore go through a small temporary tile.
#pragma once
#include "loops.h"

namespace {

// MR x (NV vectors) tile for any vector V that multiplies whole words.
template <class V, int MR_, int NV>
struct WinogradMicro {
  using Word = typename V::Word;
  static constexpr int MR = MR_, NR = NV * V::width;

  static void run(size_t kc, const Word* a, const Word* b, Word* c, size_t ldc) {
    const Word *xi = a + MR * kc, *eta = b + NR * kc;
    typename V::Type acc[MR][NV];
    UNROLL for (int i = 0; i < MR; i++)
      UNROLL for (int j = 0; j < NV; j++)
        acc[i][j] = V::sub(V::load(c + i * ldc + j * V::width),
                           V::add(V::all(xi[i]), V::load(eta + j * V::width)));
    for (size_t p = 0; p < kc; p += 2, a += 2 * MR, b += 2 * NR) {
      typename V::Type b0[NV], b1[NV];
      UNROLL for (int j = 0; j < NV; j++) {
        b0[j] = V::load(b + j * V::width);
        b1[j] = V::load(b + NR + j * V::width);
      }
      UNROLL for (int i = 0; i < MR; i++) {
        const typename V::Type a0 = V::all(a[2 * i]), a1 = V::all(a[2 * i + 1]);
        UNROLL for (int j = 0; j < NV; j++)
          acc[i][j] = V::add(acc[i][j], V::mul(V::add(a0, b1[j]), V::add(a1, b0[j])));
      }
    }
    UNROLL for (int i = 0; i < MR; i++)
      UNROLL for (int j = 0; j < NV; j++) V::store(c + i * ldc + j * V::width, acc[i][j]);
  }
};

template <class M>
struct Gemm {
  using T = typename M::Word;
  static constexpr size_t MR = M::MR, NR = M::NR;
  // A block of 128 x 256 words and one panel of B stay in a 1 MiB second-level cache.
  static constexpr size_t MC = 128 / MR * MR, KC = 256, NC = 4096 / NR * NR;

  static INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }
  static INLINE size_t up(size_t a, size_t b) { return (a + b - 1) / b * b; }

  static size_t scratch_words(size_t m, size_t k, size_t n) {
    const size_t kc = least(up(k, 2), KC), rows = up(least(m, MC), MR);
    const size_t columns = m > MC ? up(least(n, NC), NR) : NR;
    return up(rows * (kc + 1), 64) + columns * (kc + 1);
  }

  // A copy of its own for the pairs, and a reduction of its own for xi: both vectorise.
  static void pack_a(size_t rows, size_t k, size_t kc, const T* x, size_t ldx, T* a) {
    const size_t whole = k / 2 * 2;
    for (size_t i0 = 0; i0 < rows; i0 += MR, a += MR * (kc + 1)) {
      const size_t filled = least(MR, rows - i0);
      const T* from = x + i0 * ldx;
      if (filled == MR) {
        for (size_t p = 0; p < whole; p += 2)
          UNROLL for (size_t i = 0; i < MR; i++)
            __builtin_memcpy(a + p * MR + 2 * i, from + i * ldx + p, 2 * sizeof(T));
      } else {
        __builtin_memset(a, 0, MR * (kc + 1) * sizeof(T));
        for (size_t i = 0; i < filled; i++)
          for (size_t p = 0; p < whole; p += 2)
            __builtin_memcpy(a + p * MR + 2 * i, from + i * ldx + p, 2 * sizeof(T));
      }
      for (size_t i = 0; i < filled; i++) {
        const T* row = from + i * ldx;
        T xi = 0;
        for (size_t p = 0; p < whole; p += 2) xi += row[p] * row[p + 1];
        a[MR * kc + i] = xi;
        if (whole < k) {
          a[whole * MR + 2 * i] = row[whole];
          a[whole * MR + 2 * i + 1] = 0;
        }
      }
    }
  }

  // Prefetches the next panel: hardware cannot follow steps of a whole row of y.
  static void pack_b(size_t columns, size_t k, size_t kc, const T* y, size_t ldy, T* b) {
    T* eta = b + NR * kc;
    for (size_t j = 0; j < NR; j++) eta[j] = 0;
    for (size_t p = 0; p < kc; p++) {
      const size_t filled = p < k ? columns : 0;
      const T* row = y + p * ldy;
      T* to = b + p * NR;
      if (filled == NR) {
        for (size_t j = 0; j < NR; j += 64 / sizeof(T)) __builtin_prefetch(row + NR + j);
        for (size_t j = 0; j < NR; j++) to[j] = row[j];
      } else {
        for (size_t j = 0; j < filled; j++) to[j] = row[j];
        for (size_t j = filled; j < NR; j++) to[j] = 0;
      }
      if (p & 1) {
        const T* before = to - NR;
        PARALLEL_LOOP
        for (size_t j = 0; j < NR; j++) eta[j] += before[j] * to[j];
      }
    }
  }

  static void edge(size_t rows, size_t columns, size_t kc, const T* a, const T* b, T* c,
                   size_t ldc) {
    alignas(64) T tile[MR * NR];
    for (size_t i = 0; i < MR * NR; i++) tile[i] = 0;
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < columns; j++) tile[i * NR + j] = c[i * ldc + j];
    M::run(kc, a, b, tile, NR);
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < columns; j++) c[i * ldc + j] = tile[i * NR + j];
  }

  // c += x * y. Panels of B are packed when first met, and kept only if several row blocks need
  // them.
  static void blocked(size_t m, size_t k, size_t n, const T* x, const T* y, T* c, T* scratch) {
    const size_t kc_most = least(up(k, 2), KC);
    T *a = scratch, *panels = scratch + up(up(least(m, MC), MR) * (kc_most + 1), 64);
    for (size_t n0 = 0; n0 < n; n0 += NC)
      for (size_t k0 = 0; k0 < k; k0 += KC) {
        const size_t k1 = least(KC, k - k0), kc = up(k1, 2), n1 = least(NC, n - n0);
        for (size_t m0 = 0; m0 < m; m0 += MC) {
          const size_t m1 = least(MC, m - m0);
          pack_a(m1, k1, kc, x + m0 * k + k0, k, a);
          for (size_t j = 0; j < n1; j += NR) {
            T* b = m > MC ? panels + j * (kc + 1) : panels;
            const size_t columns = least(NR, n1 - j);
            if (m0 == 0) pack_b(columns, k1, kc, y + k0 * n + n0 + j, n, b);
            for (size_t i = 0; i < m1; i += MR) {
              T* tile = c + (m0 + i) * n + n0 + j;
              const T* rows = a + i * (kc + 1);
              if (m1 - i >= MR && columns == NR)
                M::run(kc, rows, b, tile, n);
              else
                edge(least(MR, m1 - i), columns, kc, rows, b, tile, n);
            }
          }
        }
      }
  }

  // c += x * y for at most 3 rows: y is read once, so memory decides and packing would double it.
  template <int R>
  static void thin(size_t k, size_t n, const T* x, const T* y, T* c) {
    const size_t block = 512;
    T acc[R][block];
    for (size_t n0 = 0; n0 < n; n0 += block) {
      const size_t n1 = least(block, n - n0);
      for (int r = 0; r < R; r++) __builtin_memcpy(acc[r], c + r * n + n0, n1 * sizeof(T));
      for (size_t p = 0; p < k; p++) {
        const T* row = y + p * n + n0;
        for (int r = 0; r < R; r++) {
          const T a = x[r * k + p];
          T* to = acc[r];
          PARALLEL_LOOP
          for (size_t j = 0; j < n1; j++) to[j] += a * row[j];
        }
      }
      for (int r = 0; r < R; r++) __builtin_memcpy(c + r * n + n0, acc[r], n1 * sizeof(T));
    }
  }

  static void matmul(size_t batch, size_t y_batch, size_t m, size_t k, size_t n, int accumulate,
                     const T* x, const T* y, T* out, T* scratch) {
    if (!accumulate) __builtin_memset(out, 0, batch * m * n * sizeof(T));
    if (y_batch == 1) m *= batch, batch = 1;  // one y: the batch is simply more rows
    for (size_t i = 0; i < batch; i++, x += m * k, y += k * n, out += m * n) {
      if (m == 1)
        thin<1>(k, n, x, y, out);
      else if (m == 2)
        thin<2>(k, n, x, y, out);
      else if (m == 3)
        thin<3>(k, n, x, y, out);
      else
        blocked(m, k, n, x, y, out, scratch);
    }
  }
};

}  // namespace
