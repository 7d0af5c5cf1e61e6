// Comparison of an opened c = x + r with its mask r, whose bits are shared between two parties:
// leaves of four bits, then gates that join four neighbours, twice. See circuits in
// protocols/additive/comparison.ts. All operands are planar: plane p of n elements starts at p * n.
#pragma once
#include "loops.h"

namespace {

// Bits i, i + 4, i + 8, ... of v, moved together.
INLINE u16 every_fourth(u64 v, int i) {
  v = (v >> i) & 0x1111111111111111;
  v = (v | v >> 3) & 0x0303030303030303;
  v = (v | v >> 6) & 0x000f000f000f000f;
  v = (v | v >> 12) & 0x000000ff000000ff;
  return (u16)(v | v >> 24);
}

// Of every group of four bits of r: the products of all 15 non-empty subsets, 16 groups in a lane.
void subset_products(int bits, size_t n, const void* r_, void* out_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T* r = (const T*)r_;
    u16* out = (u16*)out_;
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++) {
      const u64 v = (u64)r[i];
      const u16 b0 = every_fourth(v, 0), b1 = every_fourth(v, 1);
      const u16 b2 = every_fourth(v, 2), b3 = every_fourth(v, 3);
      const u16 b01 = b0 & b1, b23 = b2 & b3;
      out[i] = b0;
      out[n + i] = b1;
      out[2 * n + i] = b01;
      out[3 * n + i] = b2;
      out[4 * n + i] = b0 & b2;
      out[5 * n + i] = b1 & b2;
      out[6 * n + i] = b01 & b2;
      out[7 * n + i] = b3;
      out[8 * n + i] = b0 & b3;
      out[9 * n + i] = b1 & b3;
      out[10 * n + i] = b01 & b3;
      out[11 * n + i] = b23;
      out[12 * n + i] = b0 & b23;
      out[13 * n + i] = b1 & b23;
      out[14 * n + i] = b01 & b23;
    }
  });
}

// Halves of [c < r] and [c = r] of every group, and of the top bit of c - r without its borrow.
// Unless `whole`, less and equal leave the word's top bit out, as if c and r had it clear.
// With u = not c, c < r in a group is the sum over non-empty subsets S of
// u[min S] * product of u[j], j > min S not in S, times the subset's product; c = r is the sum over
// all subsets of the product of u outside of it.
void compare_leaves(int bits, int first, int whole, size_t n, const void* c_,
                    const void* products_, void* less_, void* equal_, void* top_) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    const T* c = (const T*)c_;
    const u16* p = (const u16*)products_;
    u16 *less = (u16*)less_, *equal = (u16*)equal_;
    u8* top = (u8*)top_;
    const int top_group = bits / 4 - 1;
    const u16 out = (u16)(whole ? 0 : 1 << top_group), in = (u16)~out;
    const u16 mine = (u16)(0 - first);
    PARALLEL_LOOP
    for (size_t i = 0; i < n; i++) {
      const u64 u = ~(u64)c[i];
      const u16 u0 = every_fourth(u, 0), u1 = every_fourth(u, 1), u2 = every_fourth(u, 2);
      const u16 u3 = every_fourth(u, 3) | out;
      const u16 u01 = u0 & u1, u12 = u1 & u2, u23 = u2 & u3, u13 = u1 & u3, u123 = u12 & u3;
      const u16 p3 = p[7 * n + i] & in, p03 = p[8 * n + i] & in, p13 = p[9 * n + i] & in;
      const u16 p013 = p[10 * n + i] & in, p23 = p[11 * n + i] & in, p023 = p[12 * n + i] & in;
      const u16 p123 = p[13 * n + i] & in, p0123 = p[14 * n + i] & in;
      const u16 p0 = p[i], p1 = p[n + i], p01 = p[2 * n + i], p2 = p[3 * n + i];
      const u16 p02 = p[4 * n + i], p12 = p[5 * n + i], p012 = p[6 * n + i];
      less[i] = (u16)((u0 & ((p0 & u123) ^ (p01 & u23) ^ (p02 & u13) ^ (p012 & u3) ^
                             (p03 & u12) ^ (p013 & u2) ^ (p023 & u1) ^ p0123)) ^
                      (u1 & ((p1 & u23) ^ (p12 & u3) ^ (p13 & u2) ^ p123)) ^
                      (u2 & ((p2 & u3) ^ p23)) ^ (u3 & in & p3));
      equal[i] = (u16)((u01 & u23 & mine) ^ (p0 & u123) ^ (p1 & u0 & u23) ^ (p01 & u23) ^
                       (p2 & u01 & u3) ^ (p02 & u13) ^ (p12 & u0 & u3) ^ (p012 & u3) ^
                       (p3 & u01 & u2) ^ (p03 & u12) ^ (p13 & u0 & u2) ^ (p013 & u2) ^
                       (p23 & u01) ^ (p023 & u1) ^ (p123 & u0) ^ p0123);
      top[i] = (u8)((p[7 * n + i] >> top_group & 1) ^ ((u8)((u64)c[i] >> (bits - 1)) & first));
    }
  });
}

// The seven inputs of a gate, each `width` bits wide: equal of neighbours 3, 2, 1, 0, less of 2, 1, 0.
template <int width>
struct Lanes {
  u8 e3, e2, e1, e0, l2, l1, l0;
};

// Bit or nibble i of every group of four.
INLINE u8 neighbour(u16 v, int i) {
  v = (u16)((v >> i) & 0x1111);
  v = (u16)((v | v >> 3) & 0x0303);
  return (u8)((v | v >> 6) & 0x0f);
}
INLINE u8 neighbour(u8 v, int i) { return (u8)((v >> i) & 1); }

// Four planes of two nibbles each, or one plane of seven bits.
template <int width>
INLINE Lanes<width> unpack(size_t n, size_t i, const u8* x) {
  if (width == 4) {
    const u8 a = x[i], b = x[n + i], c = x[2 * n + i], d = x[3 * n + i];
    return {(u8)(a & 15), (u8)(a >> 4), (u8)(b & 15), (u8)(b >> 4),
            (u8)(c & 15), (u8)(c >> 4), (u8)(d & 15)};
  }
  const u8 a = x[i];
  return {(u8)(a & 1),      (u8)(a >> 1 & 1), (u8)(a >> 2 & 1), (u8)(a >> 3 & 1),
          (u8)(a >> 4 & 1), (u8)(a >> 5 & 1), (u8)(a >> 6 & 1)};
}

template <int width>
INLINE void pack(size_t n, size_t i, Lanes<width> g, const u8* mask, u8* out) {
  if (width == 4) {
    out[i] = (u8)((g.e3 | g.e2 << 4) ^ mask[i]);
    out[n + i] = (u8)((g.e1 | g.e0 << 4) ^ mask[n + i]);
    out[2 * n + i] = (u8)((g.l2 | g.l1 << 4) ^ mask[2 * n + i]);
    // The unused nibble stays what the mask is: it hides nothing and tells nothing.
    out[3 * n + i] = (u8)(g.l0 ^ mask[3 * n + i]);
  } else {
    out[i] = (u8)((g.e3 | g.e2 << 1 | g.e1 << 2 | g.e0 << 3 | g.l2 << 4 | g.l1 << 5 | g.l0 << 6) ^
                  mask[i]);
  }
}

template <int width, class T>
INLINE void gate_open_words(size_t n, const T* less, const T* equal, const u8* mask, u8* out) {
  PARALLEL_LOOP
  for (size_t i = 0; i < n; i++) {
    const Lanes<width> g = {neighbour(equal[i], 3), neighbour(equal[i], 2), neighbour(equal[i], 1),
                            neighbour(equal[i], 0), neighbour(less[i], 2),  neighbour(less[i], 1),
                            neighbour(less[i], 0)};
    pack<width>(n, i, g, mask, out);
  }
}

void gate_open(int width, size_t n, const void* less, const void* equal, const void* mask,
               void* out) {
  if (width == 4)
    gate_open_words<4, u16>(n, (const u16*)less, (const u16*)equal, (const u8*)mask, (u8*)out);
  else
    gate_open_words<1, u8>(n, (const u8*)less, (const u8*)equal, (const u8*)mask, (u8*)out);
}

// The products of masks that a gate's expansion needs: subsets of e3 e2 e1 e0 of two and more, and
// of l2 with e3, l1 with e3 e2, l0 with e3 e2 e1.
struct Products {
  u8 e32, e31, e30, e21, e20, e10, e321, e320, e310, e210, e3210;
  u8 l2e3, l1e3, l1e2, l1e32, l0e3, l0e2, l0e1, l0e32, l0e31, l0e21, l0e321;
};

// Written out, for a loop over an array of them is not vectorised.
template <int width>
INLINE u8 product(size_t n, size_t i, const u8* p, int t) {
  return width == 4 ? (u8)(p[(size_t)(t >> 1) * n + i] >> (4 * (t & 1)) & 15)
                    : (u8)(p[(size_t)(t >> 3) * n + i] >> (t & 7) & 1);
}

template <int width>
INLINE Products read_products(size_t n, size_t i, const u8* p) {
  const auto at = [=](int t) { return product<width>(n, i, p, t); };
  return {at(0),  at(1),  at(2),  at(3),  at(4),  at(5),  at(6),  at(7),  at(8),  at(9),  at(10),
          at(11), at(12), at(13), at(14), at(15), at(16), at(17), at(18), at(19), at(20), at(21)};
}

template <int width>
INLINE void gate_products_words(size_t n, const u8* mask, u8* out) {
  PARALLEL_LOOP
  for (size_t i = 0; i < n; i++) {
    const Lanes<width> a = unpack<width>(n, i, mask);
    const u8 e32 = a.e3 & a.e2, e31 = a.e3 & a.e1, e30 = a.e3 & a.e0, e21 = a.e2 & a.e1;
    const u8 e20 = a.e2 & a.e0, e10 = a.e1 & a.e0, e321 = e32 & a.e1;
    const u8 v[22] = {e32, e31, e30, e21, e20, e10, e321, (u8)(e32 & a.e0), (u8)(e31 & a.e0),
                      (u8)(e21 & a.e0), (u8)(e321 & a.e0), (u8)(a.l2 & a.e3), (u8)(a.l1 & a.e3),
                      (u8)(a.l1 & a.e2), (u8)(a.l1 & e32), (u8)(a.l0 & a.e3), (u8)(a.l0 & a.e2),
                      (u8)(a.l0 & a.e1), (u8)(a.l0 & e32), (u8)(a.l0 & e31), (u8)(a.l0 & e21),
                      (u8)(a.l0 & e321)};
    if (width == 4) {
      UNROLL for (int t = 0; t < 11; t++) out[t * n + i] = (u8)(v[2 * t] | v[2 * t + 1] << 4);
    } else {
      UNROLL for (int t = 0; t < 3; t++) {
        u8 packed = 0;
        UNROLL for (int b = 0; b < 8; b++)
          if (8 * t + b < 22) packed |= (u8)(v[8 * t + b] << b);
        out[t * n + i] = packed;
      }
    }
  }
}

void gate_products(int width, size_t n, const void* mask, void* out) {
  if (width == 4)
    gate_products_words<4>(n, (const u8*)mask, (u8*)out);
  else
    gate_products_words<1>(n, (const u8*)mask, (u8*)out);
}

// less = l3 + e3 l2 + e3 e2 l1 + e3 e2 e1 l0 and equal = e3 e2 e1 e0, each factor its opened value
// plus its mask: expanded, every term is public times a shared product of masks.
template <int width, class T>
INLINE void gate_combine_words(int first, size_t n, const u8* opened, const u8* mask,
                               const u8* products, const T* less, u8* less_out, u8* equal_out) {
  const u8 mine = (u8)((0 - first) & (width == 4 ? 15 : 1));
  PARALLEL_LOOP
  for (size_t i = 0; i < n; i++) {
    const Lanes<width> o = unpack<width>(n, i, opened), a = unpack<width>(n, i, mask);
    const Products p = read_products<width>(n, i, products);
    const u8 o32 = o.e3 & o.e2, o31 = o.e3 & o.e1, o21 = o.e2 & o.e1, o321 = o32 & o.e1;
    // Expansions of e3, e3 e2, e3 e2 e1 with their masks.
    const u8 s3 = (u8)((o.e3 & mine) ^ a.e3);
    const u8 s32 = (u8)((o32 & mine) ^ (o.e2 & a.e3) ^ (o.e3 & a.e2) ^ p.e32);
    const u8 s321 = (u8)((o321 & mine) ^ (o21 & a.e3) ^ (o31 & a.e2) ^ (o32 & a.e1) ^
                         (o.e1 & p.e32) ^ (o.e2 & p.e31) ^ (o.e3 & p.e21) ^ p.e321);
    // The same times the mask of l2, l1, l0.
    const u8 t3 = (u8)((o.e3 & a.l2) ^ p.l2e3);
    const u8 t32 = (u8)((o32 & a.l1) ^ (o.e2 & p.l1e3) ^ (o.e3 & p.l1e2) ^ p.l1e32);
    const u8 t321 = (u8)((o321 & a.l0) ^ (o21 & p.l0e3) ^ (o31 & p.l0e2) ^ (o32 & p.l0e1) ^
                         (o.e1 & p.l0e32) ^ (o.e2 & p.l0e31) ^ (o.e3 & p.l0e21) ^ p.l0e321);
    // And times the mask of e0.
    const u8 q321 = (u8)((o321 & a.e0) ^ (o21 & p.e30) ^ (o31 & p.e20) ^ (o32 & p.e10) ^
                         (o.e1 & p.e320) ^ (o.e2 & p.e310) ^ (o.e3 & p.e210) ^ p.e3210);
    less_out[i] = (u8)(neighbour(less[i], 3) ^ (o.l2 & s3) ^ t3 ^ (o.l1 & s32) ^ t32 ^
                       (o.l0 & s321) ^ t321);
    equal_out[i] = (u8)((o.e0 & s321) ^ q321);
  }
}

void gate_combine(int width, int first, size_t n, const void* opened, const void* mask,
                  const void* products, const void* less, void* less_out, void* equal_out) {
  const u8 *o = (const u8*)opened, *a = (const u8*)mask, *p = (const u8*)products;
  if (width == 4)
    gate_combine_words<4, u16>(first, n, o, a, p, (const u16*)less, (u8*)less_out, (u8*)equal_out);
  else
    gate_combine_words<1, u8>(first, n, o, a, p, (const u8*)less, (u8*)less_out, (u8*)equal_out);
}

}  // namespace
