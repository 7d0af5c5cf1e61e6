// Loops that the compiler vectorises, and the switch from a width in bits to a type.
#pragma once
#include "kernels.h"

// No dependence between iterations: inputs and outputs are the same array or do not overlap.
// Without this promise an in-place call would take the compiler's scalar fallback.
#if defined(__clang__)
#define PARALLEL_LOOP _Pragma("clang loop vectorize(assume_safety)")
#define UNROLL _Pragma("unroll")
#else
#define PARALLEL_LOOP _Pragma("GCC ivdep")
#define UNROLL _Pragma("GCC unroll 16")
#endif
#define INLINE inline __attribute__((always_inline))

namespace {

template <class T, class F>
INLINE void map1(size_t n, const void* x_, void* out_, F f) {
  const T* x = (const T*)x_;
  T* out = (T*)out_;
  PARALLEL_LOOP
  for (size_t i = 0; i < n; i++) out[i] = f(x[i]);
}

template <class T, class F>
INLINE void map2(size_t n, const void* x_, const void* y_, void* out_, F f) {
  const T *x = (const T*)x_, *y = (const T*)y_;
  T* out = (T*)out_;
  PARALLEL_LOOP
  for (size_t i = 0; i < n; i++) out[i] = f(x[i], y[i]);
}

// Calls body with a zero of the word type, so that a generic lambda can name the type.
template <class F>
INLINE void with_word(int bits, F body) {
  if (bits == 64)
    body((u64)0);
  else
    body((u32)0);
}

template <class F>
INLINE void with_lane(int lane, F body) {
  if (lane == 64)
    body((u64)0);
  else if (lane == 32)
    body((u32)0);
  else if (lane == 16)
    body((u16)0);
  else
    body((u8)0);
}

// Calls body with the operation as a function object: the switch stays outside the loop.
template <class T, class F>
INLINE void with_op(int op, F body) {
  if (op == OP_ADD)
    body([](T a, T b) { return (T)(a + b); });
  else if (op == OP_SUB)
    body([](T a, T b) { return (T)(a - b); });
  else
    body([](T a, T b) { return (T)(a * b); });
}

}  // namespace
