// AES-128-CTR: key schedule, counters and the tail, shared by the AES-NI and the VAES kernel.
// Only the counter, which is public, decides a branch.
#pragma once
#include <immintrin.h>
#include <string.h>

#include "loops.h"

namespace {

struct AesKeys {
  __m128i round[11];
};

template <int Constant>
INLINE __m128i next_round_key(__m128i key) {
  __m128i word = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key, Constant), 0xff);
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, word);
}

INLINE AesKeys expand_key(const u8* key) {
  AesKeys k;
  k.round[0] = _mm_loadu_si128((const __m128i*)key);
  k.round[1] = next_round_key<0x01>(k.round[0]);
  k.round[2] = next_round_key<0x02>(k.round[1]);
  k.round[3] = next_round_key<0x04>(k.round[2]);
  k.round[4] = next_round_key<0x08>(k.round[3]);
  k.round[5] = next_round_key<0x10>(k.round[4]);
  k.round[6] = next_round_key<0x20>(k.round[5]);
  k.round[7] = next_round_key<0x40>(k.round[6]);
  k.round[8] = next_round_key<0x80>(k.round[7]);
  k.round[9] = next_round_key<0x1b>(k.round[8]);
  k.round[10] = next_round_key<0x36>(k.round[9]);
  return k;
}

// The 128-bit counter as a number; add() carries from the low into the high half.
struct Counter {
  u64 high, low;
  INLINE void add(u64 blocks) {
    low += blocks;
    high += low < blocks;
  }
};

INLINE Counter read_counter(const u8* bytes) {
  u64 high, low;
  memcpy(&high, bytes, 8);
  memcpy(&low, bytes + 8, 8);
  return Counter{__builtin_bswap64(high), __builtin_bswap64(low)};
}

INLINE __m128i counter_block(const Counter& c) {
  return _mm_set_epi64x((long long)__builtin_bswap64(c.low), (long long)__builtin_bswap64(c.high));
}

// N blocks at once, to fill the pipeline of the aesenc unit.
template <int N>
INLINE void blocks_aesni(const AesKeys& k, Counter& c, u8* out) {
  __m128i s[N];
  UNROLL for (int i = 0; i < N; i++) {
    s[i] = _mm_xor_si128(counter_block(c), k.round[0]);
    c.add(1);
  }
  UNROLL for (int r = 1; r < 10; r++)
    UNROLL for (int i = 0; i < N; i++) s[i] = _mm_aesenc_si128(s[i], k.round[r]);
  UNROLL for (int i = 0; i < N; i++)
    _mm_storeu_si128((__m128i*)(out + 16 * i), _mm_aesenclast_si128(s[i], k.round[10]));
}

INLINE void finish_aesni(const AesKeys& k, Counter c, size_t bytes, u8* out) {
  for (; bytes >= 128; bytes -= 128, out += 128) blocks_aesni<8>(k, c, out);
  for (; bytes >= 16; bytes -= 16, out += 16) blocks_aesni<1>(k, c, out);
  if (bytes > 0) {
    u8 last[16];
    blocks_aesni<1>(k, c, last);
    memcpy(out, last, bytes);
  }
}

}  // namespace
