// 256 bits with masks in registers.
#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

static const int64_t bp_tail64[8] = {-1, -1, -1, -1, 0, 0, 0, 0};
static const int32_t bp_tail32[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define LEVEL 1
#define BYTES 32
#define SET avx2

#include "precisions.inc"

#pragma clang attribute pop

const BPKernels *bp_table_avx2(BPPrecision precision) {
  return precision == BPPrecisionFloat64 ? &table_f64_avx2 : &table_f32_avx2;
}
#else
const BPKernels *bp_table_avx2(BPPrecision precision) {
  (void)precision;
  return 0;
}
#endif
