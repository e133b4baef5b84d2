// 512 bits with mask registers.
#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)

#define LEVEL 2
#define BYTES 64
#define SET avx512

#define R double
#define INT int64_t
#define DOUBLE 1
#define TYPE f64
#include "table.inc"
#undef R
#undef INT
#undef DOUBLE
#undef TYPE

#define R float
#define INT int32_t
#define DOUBLE 0
#define TYPE f32
#include "table.inc"

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
