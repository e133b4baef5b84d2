// OpenBLAS opened at run time where it is installed; one thread, so that the bits do not depend
// on the number of threads.
#include "internal.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { RowMajor = 101, Plain = 111, Transposed = 112 };
typedef void (*Gemm64)(int, int, int, int, int, int, double, const double *, int, const double *,
                       int, double, double *, int);
typedef void (*Gemm32)(int, int, int, int, int, int, float, const float *, int, const float *, int,
                       float, float *, int);

static pthread_once_t opened = PTHREAD_ONCE_INIT;
static const char *name;
static Gemm64 gemm64;
static Gemm32 gemm32;
_Atomic long bp_blas_threshold = BP_BLAS_FROM;

static void open_library(void) {
  const char *wanted = getenv("BP_BLAS");
  if (wanted && !strcmp(wanted, "off")) return;
  const char *file = wanted && *wanted ? wanted : "libopenblas.so.0";
  // Before it is opened, or it starts threads that wait in a busy loop.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  gemm64 = (Gemm64)dlsym(library, "cblas_dgemm");
  gemm32 = (Gemm32)dlsym(library, "cblas_sgemm");
  void (*threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (!gemm64 || !gemm32) {
    dlclose(library);
    gemm64 = 0;
    gemm32 = 0;
    return;
  }
  if (threads) threads(1);
  name = file;
}

const char *bp_blas_name(void) {
  pthread_once(&opened, open_library);
  return name;
}

long bp_blas_from(long count) { return atomic_exchange(&bp_blas_threshold, count); }

#define PRODUCT(NAME, R, GEMM)                                                                 \
  bool NAME(const BPProduct *s, const R *a, const R *b, const R *bias, R *y) {                 \
    pthread_once(&opened, open_library);                                                       \
    if (!GEMM || s->m > INT32_MAX || s->n > INT32_MAX || s->k > INT32_MAX) return false;       \
    const int m = (int)s->m, n = (int)s->n, k = (int)s->k;                                     \
    if (bias)                                                                                  \
      for (long i = 0; i < s->m; i++)                                                          \
        for (long j = 0; j < s->n; j++)                                                        \
          y[i * s->n + j] = (s->accumulate ? y[i * s->n + j] : 0) + bias[j];                   \
    GEMM(RowMajor, s->transposeA ? Transposed : Plain, s->transposeB ? Transposed : Plain, m,  \
         n, k, 1, a, s->transposeA ? m : k, b, s->transposeB ? k : n,                          \
         bias || s->accumulate ? 1 : 0, y, n);                                                 \
    return true;                                                                               \
  }
PRODUCT(bp_blas_product64, double, gemm64)
PRODUCT(bp_blas_product32, float, gemm32)
