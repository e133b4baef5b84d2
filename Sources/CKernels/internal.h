#pragma once
#include "CKernels.h"
#include <math.h>
#include <string.h>

// Multiply-adds from which on a product goes to the BLAS, where there is one (measured).
#define BP_BLAS_FROM 40000000L

bool bp_blas_product64(const BPProduct *shape, const double *a, const double *b,
                       const double *bias, double *y);
bool bp_blas_product32(const BPProduct *shape, const float *a, const float *b, const float *bias,
                       float *y);

const BPKernels *bp_table_portable(BPPrecision precision);
const BPKernels *bp_table_avx2(BPPrecision precision);
const BPKernels *bp_table_avx512(BPPrecision precision);
