// Fills in one table of kernels. Include after Micro64 and Micro32 have been defined.
#pragma once
#include "boolean.h"
#include "comparison.h"
#include "elementwise.h"
#include "gemm.h"
#include "layout.h"

namespace {

size_t matmul_scratch(int bits, size_t batch, size_t y_batch, size_t m, size_t k, size_t n) {
  if (y_batch == 1) m *= batch;
  return bits == 64 ? 8 * Gemm<Micro64>::scratch_words(m, k, n)
                    : 4 * Gemm<Micro32>::scratch_words(m, k, n);
}

void matmul(int bits, size_t batch, size_t y_batch, size_t m, size_t k, size_t n, int accumulate,
            const void* x, const void* y, void* out, void* scratch) {
  if (bits == 64)
    Gemm<Micro64>::matmul(batch, y_batch, m, k, n, accumulate, (const u64*)x, (const u64*)y,
                          (u64*)out, (u64*)scratch);
  else
    Gemm<Micro32>::matmul(batch, y_batch, m, k, n, accumulate, (const u32*)x, (const u32*)y,
                          (u32*)out, (u32*)scratch);
}

}  // namespace

#define KERNEL_TABLE                                                                              \
  {                                                                                               \
    binary, binary_row, binary_column, binary_scalar, negate, shift, sum, matmul_scratch, matmul, \
        transpose, copy_strided, bitwise, shift_lanes, mask_lanes, split_even_odd, reverse_bits,  \
        parity, resize_lanes, choose_by_bit, replicated_mul, replicated_and, beaver_mul,          \
        beaver_and, divide_signed, masked_truncation, subset_products, compare_leaves, gate_open, \
        gate_products, gate_combine, encode, decode                                               \
  }
