#pragma once
#include "CKernels.h"
#include <math.h>
#include <string.h>

// Measured on an AVX-512 machine: up to about 512³ our own kernels are at least level.
#define BP_BLAS_FROM 120000000L
extern _Thread_local long bp_blas_threshold;

// About 100 microseconds of work: from here on waking another thread pays.
#define BP_SHARED_PRODUCT 6000000L
// Multiply-adds of a part of a large product, between two looks whether anybody waits for it.
#define BP_LONGEST_PART 50000000L
#define BP_SHARED_UPDATE 100000L

bool bp_blas_product64(const BPProduct *shape, const double *a, const double *b,
                       const double *bias, double *y);
bool bp_blas_product32(const BPProduct *shape, const float *a, const float *b, const float *bias,
                       float *y);

const BPKernels *bp_table_portable(BPPrecision precision);
const BPKernels *bp_table_avx2(BPPrecision precision);
const BPKernels *bp_table_avx512(BPPrecision precision);
