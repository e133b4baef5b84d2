// What any machine runs.
#include "internal.h"

#define LEVEL 0
#define BYTES 16
#define SET portable

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

const BPKernels *bp_table_portable(BPPrecision precision) {
  return precision == BPPrecisionFloat64 ? &table_f64_portable : &table_f32_portable;
}
