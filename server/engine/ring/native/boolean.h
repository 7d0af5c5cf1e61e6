// Boolean shares: lanes of 8, 16, 32 or 64 bits.
#pragma once
#include "loops.h"

namespace {

void bitwise(int op, size_t bytes, const void* x, const void* y, void* out) {
  if (op == BIT_AND)
    map2<u8>(bytes, x, y, out, [](u8 a, u8 b) { return (u8)(a & b); });
  else if (op == BIT_XOR)
    map2<u8>(bytes, x, y, out, [](u8 a, u8 b) { return (u8)(a ^ b); });
  else
    map2<u8>(bytes, x, y, out, [](u8 a, u8 b) { return (u8)(a | b); });
}

void shift_lanes(int right, int lane, size_t n, const void* x, int by, void* out) {
  with_lane(lane, [=](auto zero) {
    using T = decltype(zero);
    if (right)
      map1<T>(n, x, out, [=](T a) { return (T)(a >> by); });
    else
      map1<T>(n, x, out, [=](T a) { return (T)(a << by); });
  });
}

void mask_lanes(int lane, size_t n, const void* x, u64 mask, void* out) {
  with_lane(lane, [=](auto zero) {
    using T = decltype(zero);
    const T m = (T)mask;
    map1<T>(n, x, out, [=](T a) { return (T)(a & m); });
  });
}

// Moves bits 0, 2, 4, ... of v together at the bottom: a swap network of log2(width) steps.
template <class T>
INLINE T gather_even(T v) {
  v &= (T)0x5555555555555555;
  v = (T)((v | (v >> 1)) & (T)0x3333333333333333);
  v = (T)((v | (v >> 2)) & (T)0x0f0f0f0f0f0f0f0f);
  if (sizeof(T) > 1) v = (T)((v | (v >> 4)) & (T)0x00ff00ff00ff00ff);
  if (sizeof(T) > 2) v = (T)((v | (v >> 8)) & (T)0x0000ffff0000ffff);
  if (sizeof(T) > 4) v = (T)((v | (u64)v >> 16) & (T)0x00000000ffffffff);
  return v;
}

template <class T, class Half>
INLINE void split_words(int used_bits, size_t n, const void* x_, void* even_, void* odd_) {
  const T* x = (const T*)x_;
  Half *even = (Half*)even_, *odd = (Half*)odd_;
  const T used = (T)(~(u64)0 >> (64 - used_bits));
  PARALLEL_LOOP
  for (size_t i = 0; i < n; i++) {
    const T v = (T)(x[i] & used);
    even[i] = (Half)gather_even<T>(v);
    odd[i] = (Half)gather_even<T>((T)(v >> 1));
  }
}

// No pext: vectorised, the network is as fast with AVX-512 and half as fast with AVX2, where both
// are soon bound by memory; and Zen 1 and 2 take hundreds of cycles for one pext.
void split_even_odd(int lane, int used_bits, size_t n, const void* x, void* even, void* odd) {
  with_lane(lane, [=](auto zero) {
    using T = decltype(zero);
    if (used_bits <= 16)
      split_words<T, u8>(used_bits, n, x, even, odd);
    else if (used_bits == 32)
      split_words<T, u16>(used_bits, n, x, even, odd);
    else
      split_words<T, u32>(used_bits, n, x, even, odd);
  });
}

template <class T>
INLINE T reverse_word(T v) {
  v = (T)((v >> 1 & (T)0x5555555555555555) | (v & (T)0x5555555555555555) << 1);
  v = (T)((v >> 2 & (T)0x3333333333333333) | (v & (T)0x3333333333333333) << 2);
  v = (T)((v >> 4 & (T)0x0f0f0f0f0f0f0f0f) | (v & (T)0x0f0f0f0f0f0f0f0f) << 4);
  return sizeof(T) == 8 ? (T)__builtin_bswap64((u64)v) : (T)__builtin_bswap32((u32)v);
}

void reverse_bits(int bits, size_t n, const void* x, void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    map1<T>(n, x, out, [](T a) { return reverse_word<T>(a); });
  });
}

void parity(int bits, size_t n, const void* x_, u64 mask, void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T* x = (const T*)x_;
    const T m = (T)mask;
    u8* out = (u8*)out_;
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++) {
      T v = x[i] & m;
      if (sizeof(T) == 8) v ^= (T)((u64)v >> 32);
      v ^= v >> 16;
      v ^= v >> 8;
      v ^= v >> 4;
      v ^= v >> 2;
      v ^= v >> 1;
      out[i] = (u8)(v & 1);
    }
  });
}

void resize_lanes(int from, int to, size_t n, const void* x, void* out) {
  with_lane(from, [=](auto a) {
    using From = decltype(a);
    with_lane(to, [=](auto b) {
      using To = decltype(b);
      PARALLEL_LOOP
      for (size_t i = 0; i < n; i++) ((To*)out)[i] = (To)((const From*)x)[i];
    });
  });
}

void choose_by_bit(int bits, size_t n, const void* bit_, const void* x_, const void* y_,
                   void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const u8* bit = (const u8*)bit_;
    const T *x = (const T*)x_, *y = (const T*)y_;
    T* out = (T*)out_;
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++) {
      const T all = (T)(0 - (T)(bit[i] & 1));
      out[i] = x[i] ^ ((x[i] ^ y[i]) & all);
    }
  });
}

// c ^ (e & b) ^ (a & d), and e & d once; see beaver_mul.
void beaver_and(int first, size_t bytes, const void* e_, const void* d_, const void* a_,
                const void* b_, const void* c_, void* out_) {
  const u8 *e = (const u8*)e_, *d = (const u8*)d_, *a = (const u8*)a_, *b = (const u8*)b_;
  const u8* c = (const u8*)c_;
  u8* out = (u8*)out_;
  const u8 both = (u8)(0 - (u8)first);
  PARALLEL_LOOP
  for (size_t i = 0; i < bytes; i++)
    out[i] = (u8)(c[i] ^ (e[i] & (b[i] ^ (d[i] & both))) ^ (a[i] & d[i]));
}

void replicated_and(size_t bytes, const void* x0_, const void* x1_, const void* y0_,
                    const void* y1_, const void* mask_, void* out_) {
  const u8 *x0 = (const u8*)x0_, *x1 = (const u8*)x1_, *y0 = (const u8*)y0_, *y1 = (const u8*)y1_;
  const u8* mask = (const u8*)mask_;
  u8* out = (u8*)out_;
  PARALLEL_LOOP
  for (size_t i = 0; i < bytes; i++)
    out[i] = (u8)((x0[i] & (y0[i] ^ y1[i])) ^ (x1[i] & y0[i]) ^ mask[i]);
}

}  // namespace
