// AES-128-CTR with AES-NI, eight blocks at a time.
#include "aes.h"

void aes_ctr_aesni(const u8* key, const u8* counter, size_t bytes, u8* out) {
  const AesKeys k = expand_key(key);
  finish_aesni(k, read_counter(counter), bytes, out);
}
