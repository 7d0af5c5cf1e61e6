// The table of kernels that every instruction set fills in.
//
// One source, compiled once per instruction set (k_*.cc) and once for WebAssembly (wasm.cc). The
// caller has checked every length, offset and alias: nothing is checked again here. No kernel
// branches on the value of an element, so run time depends on shapes only.
//
// Traps for whoever edits these files:
//  - Include no C++ standard header, and keep all templates in an anonymous namespace. An inline
//    function compiled for AVX-512 could otherwise be the copy that the linker keeps for everybody,
//    and crash on an older CPU.
//  - Micro-kernels of the matrix product must not branch (see gemm.h).
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

// Operation codes; backend-native.ts and backend-wasm.ts hold the same numbers.
enum { OP_ADD = 0, OP_SUB = 1, OP_MUL = 2 };
enum { BIT_AND = 0, BIT_XOR = 1, BIT_OR = 2 };
enum { SHIFT_LEFT = 0, SHIFT_LOGICAL = 1, SHIFT_ARITHMETIC = 2 };

// `bits` is 32 or 64, `lane` 8, 16, 32 or 64; n counts words or lanes. Element-wise kernels allow
// out == x (the same address), never a partial overlap. See kernels.ts for what each one computes.
struct KernelTable {
  void (*binary)(int op, int bits, size_t n, const void* x, const void* y, void* out);
  void (*binary_row)(int op, int bits, size_t rows, size_t columns, const void* x, const void* row,
                     void* out);
  void (*binary_column)(int op, int bits, size_t rows, size_t columns, const void* x,
                        const void* column, void* out);
  void (*binary_scalar)(int op, int bits, size_t n, const void* x, u64 scalar, void* out);
  void (*negate)(int bits, size_t n, const void* x, void* out);
  void (*shift)(int kind, int bits, size_t n, const void* x, int by, void* out);
  // Adds to out when `accumulate`.
  void (*sum)(int bits, size_t outer, size_t axis, size_t inner, int accumulate, const void* x,
              void* out);

  // Bytes of 64-byte aligned scratch that one matmul call needs.
  size_t (*matmul_scratch)(int bits, size_t batch, size_t y_batch, size_t m, size_t k, size_t n);
  void (*matmul)(int bits, size_t batch, size_t y_batch, size_t m, size_t k, size_t n,
                 int accumulate, const void* x, const void* y, void* out, void* scratch);
  void (*transpose)(int bits, size_t batch, size_t rows, size_t columns, const void* x, void* out);
  // x points at the element of index 0, ..., 0. rank <= 16.
  void (*copy_strided)(int element_bytes, int rank, const i64* shape, const i64* strides,
                       const void* x, void* out);

  void (*bitwise)(int op, size_t bytes, const void* x, const void* y, void* out);
  void (*shift_lanes)(int right, int lane, size_t n, const void* x, int by, void* out);
  void (*mask_lanes)(int lane, size_t n, const void* x, u64 mask, void* out);
  void (*split_even_odd)(int lane, int used_bits, size_t n, const void* x, void* even, void* odd);
  void (*reverse_bits)(int bits, size_t n, const void* x, void* out);
  void (*parity)(int bits, size_t n, const void* x, u64 mask, void* out);
  void (*resize_lanes)(int from, int to, size_t n, const void* x, void* out);
  void (*choose_by_bit)(int bits, size_t n, const void* bit, const void* x, const void* y,
                        void* out);

  void (*replicated_mul)(int bits, size_t n, const void* x0, const void* x1, const void* y0,
                         const void* y1, const void* mask, void* out);
  void (*replicated_and)(size_t bytes, const void* x0, const void* x1, const void* y0,
                         const void* y1, const void* mask, void* out);
  void (*beaver_mul)(int bits, int first, size_t n, const void* e, const void* d, const void* a,
                     const void* b, const void* c, void* out);
  void (*beaver_and)(int first, size_t bytes, const void* e, const void* d, const void* a,
                     const void* b, const void* c, void* out);
  void (*divide_signed)(int bits, size_t n, const void* x, int by, void* out);
  void (*masked_truncation)(int bits, int first, size_t n, int by, const void* opened,
                            const void* top, const void* low, void* out);
  // Comparison with a mask, see comparison.h; `width` is 4 or 1.
  void (*subset_products)(int bits, size_t n, const void* r, void* out);
  void (*compare_leaves)(int bits, int first, int whole, size_t n, const void* c,
                         const void* products, void* less, void* equal, void* top);
  void (*gate_open)(int width, size_t n, const void* less, const void* equal, const void* mask,
                    void* out);
  void (*gate_products)(int width, size_t n, const void* mask, void* out);
  void (*gate_combine)(int width, int first, size_t n, const void* opened, const void* mask,
                       const void* products, const void* less, void* less_out, void* equal_out);

  // Returns 1 if some x is NaN (out is then unspecified), else 0.
  int (*encode)(int bits, int fraction_bits, size_t n, const double* x, void* out);
  void (*decode)(int bits, int fraction_bits, size_t n, const void* x, double* out);
};

extern const KernelTable kernels_base;
extern const KernelTable kernels_avx2;
extern const KernelTable kernels_avx512;

// AES-128-CTR key stream over zeros, big-endian 128-bit counter; any number of bytes.
void aes_ctr_aesni(const u8* key, const u8* counter, size_t bytes, u8* out);
void aes_ctr_vaes(const u8* key, const u8* counter, size_t bytes, u8* out);
