// Moving elements: transpose and strided copies.
#pragma once
#include "loops.h"

namespace {

// dst[c, r] = src[r, c] in tiles that keep both sides within a few cache lines.
template <class T>
INLINE void transpose_matrix(size_t rows, size_t columns, const T* src, size_t src_stride, T* dst,
                             size_t dst_stride) {
  const size_t tile = 16;
  for (size_t r0 = 0; r0 < rows; r0 += tile) {
    const size_t r1 = r0 + tile < rows ? r0 + tile : rows;
    for (size_t c0 = 0; c0 < columns; c0 += tile) {
      const size_t c1 = c0 + tile < columns ? c0 + tile : columns;
      for (size_t c = c0; c < c1; c++)
        for (size_t r = r0; r < r1; r++) dst[c * dst_stride + r] = src[r * src_stride + c];
    }
  }
}

void transpose(int bits, size_t batch, size_t rows, size_t columns, const void* x, void* out) {
  with_word(bits, [=](auto word) {
    using T = decltype(word);
    for (size_t b = 0; b < batch; b++) {
      const size_t at = b * rows * columns;
      transpose_matrix<T>(rows, columns, (const T*)x + at, columns, (T*)out + at, rows);
    }
  });
}

// Drops axes of length 1 and merges axes that are contiguous in x; returns the new rank.
INLINE int merge_axes(int rank, const i64* shape, const i64* strides, i64* s, i64* t) {
  int kept = 0;
  for (int i = 0; i < rank; i++) {
    if (shape[i] == 1) continue;
    if (kept > 0 && t[kept - 1] == strides[i] * shape[i]) {
      s[kept - 1] *= shape[i];
      t[kept - 1] = strides[i];
    } else {
      s[kept] = shape[i];
      t[kept++] = strides[i];
    }
  }
  return kept;
}

template <class T>
INLINE void copy_plane(i64 rows, i64 columns, i64 row_stride, i64 stride, const T* x, T* out) {
  if (stride == 1) {
    for (i64 r = 0; r < rows; r++)
      __builtin_memcpy(out + r * columns, x + r * row_stride, columns * sizeof(T));
  } else if (row_stride == 1 && stride > 0) {
    transpose_matrix<T>(columns, rows, x, stride, out, columns);
  } else {
    for (i64 r = 0; r < rows; r++)
      for (i64 c = 0; c < columns; c++) out[r * columns + c] = x[r * row_stride + c * stride];
  }
}

template <class T>
INLINE void copy_strided_as(int rank0, const i64* shape, const i64* strides, const T* x, T* out) {
  i64 s[18], t[18], index[18] = {0};
  for (int i = 0; i < rank0; i++)
    if (shape[i] == 0) return;
  int rank = merge_axes(rank0, shape, strides, s + 2, t + 2);
  i64 *size = s + 2, *step = t + 2;
  while (rank < 2) {  // pad on the left to a plane
    size--, step--, rank++;
    size[0] = 1, step[0] = 0;
    if (rank == 1) step[0] = 1;
  }
  const i64 rows = size[rank - 2], columns = size[rank - 1];
  for (;;) {
    copy_plane<T>(rows, columns, step[rank - 2], step[rank - 1], x, out);
    out += rows * columns;
    int axis = rank - 3;
    for (; axis >= 0; axis--) {
      x += step[axis];
      if (++index[axis] < size[axis]) break;
      x -= step[axis] * size[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

void copy_strided(int element_bytes, int rank, const i64* shape, const i64* strides,
                  const void* x, void* out) {
  with_lane(8 * element_bytes, [=](auto zero) {
    using T = decltype(zero);
    copy_strided_as<T>(rank, shape, strides, (const T*)x, (T*)out);
  });
}

}  // namespace
