// Arithmetic mod 2^bits, element by element; the fused replicated product; fixed-point conversion.
#pragma once
#include "loops.h"

namespace {

void binary(int op, int bits, size_t n, const void* x, const void* y, void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    with_op<T>(op, [=](auto f) { map2<T>(n, x, y, out, f); });
  });
}

void binary_row(int op, int bits, size_t rows, size_t columns, const void* x, const void* row,
                void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    with_op<T>(op, [=](auto f) {
      for (size_t r = 0; r < rows; r++)
        map2<T>(columns, (const T*)x + r * columns, row, (T*)out + r * columns, f);
    });
  });
}

void binary_column(int op, int bits, size_t rows, size_t columns, const void* x,
                   const void* column, void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    with_op<T>(op, [=](auto f) {
      for (size_t r = 0; r < rows; r++) {
        const T c = ((const T*)column)[r];
        map1<T>(columns, (const T*)x + r * columns, (T*)out + r * columns,
                [=](T a) { return f(a, c); });
      }
    });
  });
}

void binary_scalar(int op, int bits, size_t n, const void* x, u64 scalar, void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T c = (T)scalar;
    with_op<T>(op, [=](auto f) { map1<T>(n, x, out, [=](T a) { return f(a, c); }); });
  });
}

void negate(int bits, size_t n, const void* x, void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    map1<T>(n, x, out, [](T a) { return (T)(0 - a); });
  });
}

void shift(int kind, int bits, size_t n, const void* x, int by, void* out) {
  if (bits == 64) {
    if (kind == SHIFT_LEFT)
      map1<u64>(n, x, out, [=](u64 a) { return a << by; });
    else if (kind == SHIFT_LOGICAL)
      map1<u64>(n, x, out, [=](u64 a) { return a >> by; });
    else
      map1<i64>(n, x, out, [=](i64 a) { return a >> by; });
  } else {
    if (kind == SHIFT_LEFT)
      map1<u32>(n, x, out, [=](u32 a) { return a << by; });
    else if (kind == SHIFT_LOGICAL)
      map1<u32>(n, x, out, [=](u32 a) { return a >> by; });
    else
      map1<i32>(n, x, out, [=](i32 a) { return a >> by; });
  }
}

void sum(int bits, size_t outer, size_t axis, size_t inner, int accumulate, const void* x_,
         void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T* x = (const T*)x_;
    T* out = (T*)out_;
    for (size_t o = 0; o < outer; o++, x += axis * inner, out += inner) {
      if (!accumulate)
        for (size_t i = 0; i < inner; i++) out[i] = 0;
      if (inner == 1) {
        T total = 0;
        for (size_t a = 0; a < axis; a++) total += x[a];
        out[0] += total;
      } else {
        for (size_t a = 0; a < axis; a++)
          map2<T>(inner, out, x + a * inner, out, [](T p, T q) { return (T)(p + q); });
      }
    }
  });
}

// x0*y0 + x0*y1 + x1*y0 + mask with two products instead of three.
void replicated_mul(int bits, size_t n, const void* x0_, const void* x1_, const void* y0_,
                    const void* y1_, const void* mask_, void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T *x0 = (const T*)x0_, *x1 = (const T*)x1_, *y0 = (const T*)y0_, *y1 = (const T*)y1_;
    const T* mask = (const T*)mask_;
    T* out = (T*)out_;
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++)
      out[i] = (T)(x0[i] * (T)(y0[i] + y1[i]) + x1[i] * y0[i] + mask[i]);
  });
}

// c + e*b + a*d, and e*d once: the party that adds what is public passes first = 1.
void beaver_mul(int bits, int first, size_t n, const void* e_, const void* d_, const void* a_,
                const void* b_, const void* c_, void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T *e = (const T*)e_, *d = (const T*)d_, *a = (const T*)a_, *b = (const T*)b_;
    const T* c = (const T*)c_;
    T* out = (T*)out_;
    const T both = (T)(0 - (T)first);
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++)
      out[i] = (T)(c[i] + e[i] * (T)(b[i] + (d[i] & both)) + a[i] * d[i]);
  });
}

// Division of signed words by 2^by, rounding toward zero.
void divide_signed(int bits, size_t n, const void* x, int by, void* out) {
  if (bits == 64) {
    const i64 below = (i64)(((u64)1 << by) - 1);
    map1<i64>(n, x, out, [=](i64 a) { return (i64)((u64)a + (u64)((a >> 63) & below)) >> by; });
  } else {
    const i32 below = (i32)(((u32)1 << by) - 1);
    map1<i32>(n, x, out, [=](i32 a) { return (i32)((u32)a + (u32)((a >> 31) & below)) >> by; });
  }
}

// A half of x >> by from the opened x + 2^(k-2) + r and halves of r's top bit and low part; see
// masked-truncation.ts. The party that adds what is public passes first = 1.
void masked_truncation(int bits, int first, size_t n, int by, const void* opened_,
                       const void* top_, const void* low_, void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T *opened = (const T*)opened_, *top = (const T*)top_, *low = (const T*)low_;
    T* out = (T*)out_;
    const int k = 8 * (int)sizeof(T);
    const T all = (T)(0 - (T)first);
    const T offset = (T)((T)1 << (k - 2 - by));
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++) {
      const T c = opened[i];
      const T openedTop = (T)(c >> (k - 1));
      const T borrow = (T)(top[i] - 2 * openedTop * top[i] + (openedTop & all));
      const T shifted = (T)((T)(c << 1) >> (by + 1));
      out[i] = (T)((T)(borrow << (k - 1 - by)) - low[i] + ((shifted - offset) & all));
    }
  });
}

// c ? a : b by masks: compilers make branches of the conditional operator on doubles.
INLINE double pick(bool c, double a, double b) {
  u64 x, y;
  __builtin_memcpy(&x, &a, 8);
  __builtin_memcpy(&y, &b, 8);
  const u64 mask = 0 - (u64)c;
  x = (x & mask) | (y & ~mask);
  __builtin_memcpy(&a, &x, 8);
  return a;
}

// Multiplication by 2^f is exact, so is the remainder d after truncation; half goes away from zero.
template <class T, class S>
INLINE int encode_words(int fraction_bits, size_t n, const double* x, T* out) {
  const double scale = (double)((u64)1 << fraction_bits);
  const double limit = (double)((u64)1 << (8 * sizeof(T) - 2));
  int nan = 0;
  for (size_t i = 0; i < n; i++) {
    double s = x[i] * scale;
    nan |= s != s;
    s = pick(s == s, s, 0.0);
    s = pick(s > limit, limit, s);
    s = pick(s < -limit, -limit, s);
    const S whole = (S)s;
    const double d = s - (double)whole;
    out[i] = (T)(whole + (S)(d >= 0.5) - (S)(d <= -0.5));
  }
  return nan;
}

int encode(int bits, int fraction_bits, size_t n, const double* x, void* out) {
  return bits == 64 ? encode_words<u64, i64>(fraction_bits, n, x, (u64*)out)
                    : encode_words<u32, i32>(fraction_bits, n, x, (u32*)out);
}

void decode(int bits, int fraction_bits, size_t n, const void* x, double* out) {
  const double scale = 1.0 / (double)((u64)1 << fraction_bits);
  if (bits == 64)
    for (size_t i = 0; i < n; i++) out[i] = (double)((const i64*)x)[i] * scale;
  else
    for (size_t i = 0; i < n; i++) out[i] = (double)((const i32*)x)[i] * scale;
}

}  // namespace
