// What any machine runs.
#include "internal.h"

#define LEVEL 0
#define BYTES 16
#define SET portable

#include "precisions.inc"

const BPKernels *bp_table_portable(BPPrecision precision) {
  return precision == BPPrecisionFloat64 ? &table_f64_portable : &table_f32_portable;
}
