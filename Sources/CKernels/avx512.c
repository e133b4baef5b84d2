// 512 bits with mask registers.
#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)

#define LEVEL 2
#define BYTES 64
#define SET avx512

#include "precisions.inc"

#pragma clang attribute pop

const BPKernels *bp_table_avx512(BPPrecision precision) {
  return precision == BPPrecisionFloat64 ? &table_f64_avx512 : &table_f32_avx512;
}
#else
const BPKernels *bp_table_avx512(BPPrecision precision) {
  (void)precision;
  return 0;
}
#endif
