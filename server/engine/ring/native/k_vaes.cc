// AES-128-CTR with VAES on 512-bit vectors: 32 blocks in flight.
#include "aes.h"

void aes_ctr_vaes(const u8* key, const u8* counter, size_t bytes, u8* out) {
  const AesKeys k = expand_key(key);
  Counter c = read_counter(counter);
  __m512i round[11];
  UNROLL for (int r = 0; r < 11; r++) round[r] = _mm512_broadcast_i32x4(k.round[r]);
  const __m512i swap =
      _mm512_broadcast_i32x4(_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  const __m512i step = _mm512_set_epi64(0, 4, 0, 4, 0, 4, 0, 4);

  while (bytes >= 512) {
    if (c.low > ~(u64)0 - 32) {  // a carry into the high half within these blocks
      blocks_aesni<8>(k, c, out);
      bytes -= 128, out += 128;
      continue;
    }
    const long long h = (long long)c.high, l = (long long)c.low;
    __m512i at = _mm512_set_epi64(h, l + 3, h, l + 2, h, l + 1, h, l);
    __m512i s[8];
    UNROLL for (int i = 0; i < 8; i++) {
      s[i] = _mm512_xor_si512(_mm512_shuffle_epi8(at, swap), round[0]);
      at = _mm512_add_epi64(at, step);
    }
    UNROLL for (int r = 1; r < 10; r++)
      UNROLL for (int i = 0; i < 8; i++) s[i] = _mm512_aesenc_epi128(s[i], round[r]);
    UNROLL for (int i = 0; i < 8; i++)
      _mm512_storeu_si512(out + 64 * i, _mm512_aesenclast_epi128(s[i], round[10]));
    c.add(32);
    bytes -= 512, out += 512;
  }
  finish_aesni(k, c, bytes, out);
}
