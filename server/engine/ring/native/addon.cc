// The Node-API door to the kernels: open(isa) returns an object of functions bound to one table.
//
// Arguments are Uint8Array, Float64Array, numbers and bigints only, in the order of KernelTable;
// operations are integers, since strings cost more than a small kernel. backend-native.ts has
// checked lengths, offsets and aliases. Long because every kernel needs its own unpacking. There is no state but one scratch buffer per environment.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>

#include "kernels.h"

namespace {

enum { ISA_BASE = 0, ISA_AVX2 = 1, ISA_AVX512 = 2 };

struct Scratch {
  void* memory;
  size_t bytes;
};

// The arguments of one call. A wrong type sets `ok` to false; the caller then throws and returns.
struct Call {
  napi_env env;
  napi_value values[12];
  const KernelTable* table;
  bool ok;

  Call(napi_env e, napi_callback_info info) : env(e), table(nullptr), ok(true) {
    size_t count = 12;
    void* data = nullptr;
    ok = napi_get_cb_info(env, info, &count, values, nullptr, &data) == napi_ok;
    table = (const KernelTable*)data;
  }

  // Address of a typed array; *length is in its elements.
  void* array(int i, size_t* length = nullptr) {
    napi_typedarray_type type;
    size_t n = 0, offset;
    void* memory = nullptr;
    ok &= napi_get_typedarray_info(env, values[i], &type, &n, &memory, nullptr, &offset) == napi_ok;
    if (length) *length = n;
    return memory;
  }
  size_t size(int i) {
    int64_t v = 0;
    ok &= napi_get_value_int64(env, values[i], &v) == napi_ok && v >= 0;
    return (size_t)v;
  }
  int code(int i) {
    int32_t v = 0;
    ok &= napi_get_value_int32(env, values[i], &v) == napi_ok;
    return v;
  }
  u64 word(int i) {
    uint64_t v = 0;
    bool lossless;
    ok &= napi_get_value_bigint_uint64(env, values[i], &v, &lossless) == napi_ok;
    return v;
  }
  bool ready() {
    if (!ok) napi_throw_type_error(env, nullptr, "kernel addon: argument of the wrong type");
    return ok;
  }
};

#define KERNEL(name) napi_value name(napi_env env, napi_callback_info info)
#define OPEN_CALL Call c(env, info)
#define RUN(call)            \
  if (c.ready()) c.table->call; \
  return nullptr

KERNEL(binary) {
  OPEN_CALL;
  const int op = c.code(0), bits = c.code(1);
  const void *x = c.array(2), *y = c.array(3);
  size_t n;
  void* out = c.array(4, &n);
  RUN(binary(op, bits, n * 8 / bits, x, y, out));
}

KERNEL(binary_row) {
  OPEN_CALL;
  const int op = c.code(0), bits = c.code(1);
  const size_t rows = c.size(2), columns = c.size(3);
  const void *x = c.array(4), *row = c.array(5);
  void* out = c.array(6);
  RUN(binary_row(op, bits, rows, columns, x, row, out));
}

KERNEL(binary_column) {
  OPEN_CALL;
  const int op = c.code(0), bits = c.code(1);
  const size_t rows = c.size(2), columns = c.size(3);
  const void *x = c.array(4), *column = c.array(5);
  void* out = c.array(6);
  RUN(binary_column(op, bits, rows, columns, x, column, out));
}

KERNEL(binary_scalar) {
  OPEN_CALL;
  const int op = c.code(0), bits = c.code(1);
  const void* x = c.array(2);
  const u64 scalar = c.word(3);
  size_t n;
  void* out = c.array(4, &n);
  RUN(binary_scalar(op, bits, n * 8 / bits, x, scalar, out));
}

KERNEL(negate) {
  OPEN_CALL;
  const int bits = c.code(0);
  const void* x = c.array(1);
  size_t n;
  void* out = c.array(2, &n);
  RUN(negate(bits, n * 8 / bits, x, out));
}

KERNEL(shift) {
  OPEN_CALL;
  const int kind = c.code(0), bits = c.code(1);
  const void* x = c.array(2);
  const int by = c.code(3);
  size_t n;
  void* out = c.array(4, &n);
  RUN(shift(kind, bits, n * 8 / bits, x, by, out));
}

KERNEL(sum) {
  OPEN_CALL;
  const int bits = c.code(0);
  const size_t outer = c.size(1), axis = c.size(2), inner = c.size(3);
  const void* x = c.array(4);
  void* out = c.array(5);
  RUN(sum(bits, outer, axis, inner, 0, x, out));
}

void* scratch_of(napi_env env, size_t bytes) {
  Scratch* scratch = nullptr;
  napi_get_instance_data(env, (void**)&scratch);
  if (!scratch) return nullptr;
  if (scratch->bytes < bytes) {
    free(scratch->memory);
    scratch->memory = nullptr;
    scratch->bytes = 0;
    void* memory = nullptr;
    if (posix_memalign(&memory, 64, bytes) != 0) return nullptr;
    scratch->memory = memory;
    scratch->bytes = bytes;
  }
  return scratch->memory;
}

KERNEL(matmul) {
  OPEN_CALL;
  const int bits = c.code(0);
  const size_t batch = c.size(1), y_batch = c.size(2), m = c.size(3), k = c.size(4), n = c.size(5);
  const int accumulate = c.code(6);
  const void *x = c.array(7), *y = c.array(8);
  void* out = c.array(9);
  if (!c.ready()) return nullptr;
  void* scratch = scratch_of(env, c.table->matmul_scratch(bits, batch, y_batch, m, k, n));
  if (!scratch) {
    napi_throw_error(env, nullptr, "kernel addon: out of memory");
    return nullptr;
  }
  c.table->matmul(bits, batch, y_batch, m, k, n, accumulate, x, y, out, scratch);
  return nullptr;
}

KERNEL(transpose) {
  OPEN_CALL;
  const int bits = c.code(0);
  const size_t batch = c.size(1), rows = c.size(2), columns = c.size(3);
  const void* x = c.array(4);
  void* out = c.array(5);
  RUN(transpose(bits, batch, rows, columns, x, out));
}

// copy_strided(elementBytes, x, offset, Float64Array [...shape, ...strides], out)
KERNEL(copy_strided) {
  OPEN_CALL;
  const int bytes = c.code(0);
  const u8* x = (const u8*)c.array(1);
  const size_t offset = c.size(2);
  size_t twice = 0;
  const double* axes = (const double*)c.array(3, &twice);
  void* out = c.array(4);
  const int rank = (int)(twice / 2);
  i64 shape[16], strides[16];
  c.ok = c.ok && rank <= 16;
  for (int i = 0; c.ok && i < rank; i++) {
    shape[i] = (i64)axes[i];
    strides[i] = (i64)axes[rank + i];
  }
  RUN(copy_strided(bytes, rank, shape, strides, x + offset * bytes, out));
}

KERNEL(bitwise) {
  OPEN_CALL;
  const int op = c.code(0);
  const void *x = c.array(1), *y = c.array(2);
  size_t n;
  void* out = c.array(3, &n);
  RUN(bitwise(op, n, x, y, out));
}

KERNEL(shift_lanes) {
  OPEN_CALL;
  const int right = c.code(0), lane = c.code(1);
  const void* x = c.array(2);
  const int by = c.code(3);
  size_t n;
  void* out = c.array(4, &n);
  RUN(shift_lanes(right, lane, n * 8 / lane, x, by, out));
}

KERNEL(mask_lanes) {
  OPEN_CALL;
  const int lane = c.code(0);
  const void* x = c.array(1);
  const u64 mask = c.word(2);
  size_t n;
  void* out = c.array(3, &n);
  RUN(mask_lanes(lane, n * 8 / lane, x, mask, out));
}

KERNEL(split_even_odd) {
  OPEN_CALL;
  const int lane = c.code(0), used = c.code(1);
  size_t n;
  const void* x = c.array(2, &n);
  void *even = c.array(3), *odd = c.array(4);
  RUN(split_even_odd(lane, used, n * 8 / lane, x, even, odd));
}

KERNEL(reverse_bits) {
  OPEN_CALL;
  const int bits = c.code(0);
  const void* x = c.array(1);
  size_t n;
  void* out = c.array(2, &n);
  RUN(reverse_bits(bits, n * 8 / bits, x, out));
}

KERNEL(parity) {
  OPEN_CALL;
  const int bits = c.code(0);
  const void* x = c.array(1);
  const u64 mask = c.word(2);
  size_t n;
  void* out = c.array(3, &n);
  RUN(parity(bits, n, x, mask, out));
}

KERNEL(resize_lanes) {
  OPEN_CALL;
  const int from = c.code(0), to = c.code(1);
  const void* x = c.array(2);
  size_t n;
  void* out = c.array(3, &n);
  RUN(resize_lanes(from, to, n * 8 / to, x, out));
}

KERNEL(choose_by_bit) {
  OPEN_CALL;
  const int bits = c.code(0);
  size_t n;
  const void *bit = c.array(1, &n), *x = c.array(2), *y = c.array(3);
  void* out = c.array(4);
  RUN(choose_by_bit(bits, n, bit, x, y, out));
}

KERNEL(replicated_mul) {
  OPEN_CALL;
  const int bits = c.code(0);
  const void *x0 = c.array(1), *x1 = c.array(2), *y0 = c.array(3), *y1 = c.array(4);
  const void* mask = c.array(5);
  size_t n;
  void* out = c.array(6, &n);
  RUN(replicated_mul(bits, n * 8 / bits, x0, x1, y0, y1, mask, out));
}

KERNEL(replicated_and) {
  OPEN_CALL;
  const void *x0 = c.array(0), *x1 = c.array(1), *y0 = c.array(2), *y1 = c.array(3);
  const void* mask = c.array(4);
  size_t n;
  void* out = c.array(5, &n);
  RUN(replicated_and(n, x0, x1, y0, y1, mask, out));
}

KERNEL(beaver_mul) {
  OPEN_CALL;
  const int bits = c.code(0), first = c.code(1);
  const void *e = c.array(2), *d = c.array(3), *a = c.array(4), *b = c.array(5);
  const void* made = c.array(6);
  size_t n;
  void* out = c.array(7, &n);
  RUN(beaver_mul(bits, first, n * 8 / bits, e, d, a, b, made, out));
}

KERNEL(beaver_and) {
  OPEN_CALL;
  const int first = c.code(0);
  const void *e = c.array(1), *d = c.array(2), *a = c.array(3), *b = c.array(4);
  const void* made = c.array(5);
  size_t n;
  void* out = c.array(6, &n);
  RUN(beaver_and(first, n, e, d, a, b, made, out));
}

KERNEL(divide_signed) {
  OPEN_CALL;
  const int bits = c.code(0);
  const void* x = c.array(1);
  const int by = c.code(2);
  size_t n;
  void* out = c.array(3, &n);
  RUN(divide_signed(bits, n * 8 / bits, x, by, out));
}

KERNEL(masked_truncation) {
  OPEN_CALL;
  const int bits = c.code(0), first = c.code(1), by = c.code(2);
  const void *opened = c.array(3), *top = c.array(4), *low = c.array(5);
  size_t n;
  void* out = c.array(6, &n);
  RUN(masked_truncation(bits, first, n * 8 / bits, by, opened, top, low, out));
}

KERNEL(subset_products) {
  OPEN_CALL;
  const int bits = c.code(0);
  size_t n;
  const void* r = c.array(1, &n);
  void* out = c.array(2);
  RUN(subset_products(bits, n * 8 / bits, r, out));
}

KERNEL(compare_leaves) {
  OPEN_CALL;
  const int bits = c.code(0), first = c.code(1), whole = c.code(2);
  const void *opened = c.array(3), *products = c.array(4);
  void *less = c.array(5), *equal = c.array(6);
  size_t n;
  void* top = c.array(7, &n);
  RUN(compare_leaves(bits, first, whole, n, opened, products, less, equal, top));
}

KERNEL(gate_open) {
  OPEN_CALL;
  const int width = c.code(0);
  const void *less = c.array(1), *equal = c.array(2), *mask = c.array(3);
  size_t n;
  void* out = c.array(4, &n);
  RUN(gate_open(width, n / width, less, equal, mask, out));
}

KERNEL(gate_products) {
  OPEN_CALL;
  const int width = c.code(0);
  size_t n;
  const void* mask = c.array(1, &n);
  void* out = c.array(2);
  RUN(gate_products(width, n / width, mask, out));
}

KERNEL(gate_combine) {
  OPEN_CALL;
  const int width = c.code(0), first = c.code(1);
  const void *opened = c.array(2), *mask = c.array(3), *products = c.array(4), *less = c.array(5);
  size_t n;
  void *less_out = c.array(6, &n), *equal_out = c.array(7);
  RUN(gate_combine(width, first, n, opened, mask, products, less, less_out, equal_out));
}

KERNEL(encode) {
  OPEN_CALL;
  const int bits = c.code(0), fraction_bits = c.code(1);
  size_t n;
  const double* x = (const double*)c.array(2, &n);
  void* out = c.array(3);
  if (!c.ready()) return nullptr;
  napi_value nan = nullptr;
  napi_create_int32(env, c.table->encode(bits, fraction_bits, n, x, out), &nan);
  return nan;
}

KERNEL(decode) {
  OPEN_CALL;
  const int bits = c.code(0), fraction_bits = c.code(1);
  const void* x = c.array(2);
  size_t n;
  double* out = (double*)c.array(3, &n);
  RUN(decode(bits, fraction_bits, n, x, out));
}

#undef KERNEL
#undef RUN

#if defined(__x86_64__)
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }
bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
bool has_aesni() { return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1"); }
bool has_vaes() { return has_avx512() && has_aesni() && __builtin_cpu_supports("vaes"); }

template <void (*aes)(const u8*, const u8*, size_t, u8*)>
napi_value aes_ctr(napi_env env, napi_callback_info info) {
  Call c(env, info);
  const u8 *key = (const u8*)c.array(0), *counter = (const u8*)c.array(1);
  size_t bytes;
  u8* out = (u8*)c.array(2, &bytes);
  if (c.ready()) aes(key, counter, bytes, out);
  return nullptr;
}
#endif

const KernelTable* table_of(int isa) {
#if defined(__x86_64__)
  if (isa == ISA_AVX512) return has_avx512() ? &kernels_avx512 : nullptr;
  if (isa == ISA_AVX2) return has_avx2() ? &kernels_avx2 : nullptr;
#endif
  return isa == ISA_BASE ? &kernels_base : nullptr;
}

// Null where the CPU lacks AES instructions or the table does not want them: the caller then uses
// node:crypto.
napi_callback aes_of(int isa) {
#if defined(__x86_64__)
  if (isa == ISA_AVX512 && has_vaes()) return aes_ctr<aes_ctr_vaes>;
  if (isa != ISA_BASE && has_aesni()) return aes_ctr<aes_ctr_aesni>;
#endif
  (void)isa;
  return nullptr;
}

void define(napi_env env, napi_value object, const char* name, napi_callback callback,
            const void* data) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, (void*)data, &function);
  napi_set_named_property(env, object, name, function);
}

// open(isa): the kernels of one instruction set, or undefined if this CPU lacks it.
napi_value open(napi_env env, napi_callback_info info) {
  Call c(env, info);
  const int isa = c.code(0);
  if (!c.ready()) return nullptr;
  const KernelTable* table = table_of(isa);
  if (!table) return nullptr;
  napi_value kernels;
  napi_create_object(env, &kernels);
  const struct {
    const char* name;
    napi_callback callback;
  } functions[] = {
      {"binary", binary},
      {"binaryRow", binary_row},
      {"binaryColumn", binary_column},
      {"binaryScalar", binary_scalar},
      {"negate", negate},
      {"shift", shift},
      {"sum", sum},
      {"matmul", matmul},
      {"transpose", transpose},
      {"copyStrided", copy_strided},
      {"bitwise", bitwise},
      {"shiftLanes", shift_lanes},
      {"maskLanes", mask_lanes},
      {"splitEvenOdd", split_even_odd},
      {"reverseBits", reverse_bits},
      {"parity", parity},
      {"resizeLanes", resize_lanes},
      {"chooseByBit", choose_by_bit},
      {"replicatedMul", replicated_mul},
      {"replicatedAnd", replicated_and},
      {"beaverMul", beaver_mul},
      {"beaverAnd", beaver_and},
      {"divideSigned", divide_signed},
      {"maskedTruncation", masked_truncation},
      {"subsetProducts", subset_products},
      {"compareLeaves", compare_leaves},
      {"gateOpen", gate_open},
      {"gateProducts", gate_products},
      {"gateCombine", gate_combine},
      {"encode", encode},
      {"decode", decode},
  };
  for (const auto& f : functions) define(env, kernels, f.name, f.callback, table);
  if (napi_callback aes = aes_of(isa)) define(env, kernels, "aesCtr", aes, nullptr);
  return kernels;
}

void free_scratch(napi_env, void* data, void*) {
  free(((Scratch*)data)->memory);
  free(data);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(
    napi_env env, napi_value exports) {
  Scratch* scratch = (Scratch*)calloc(1, sizeof(Scratch));
  if (scratch) napi_set_instance_data(env, scratch, free_scratch, nullptr);
  define(env, exports, "open", open, nullptr);
  return exports;
}
