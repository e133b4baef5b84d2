// OpenBLAS opened at run time where it is installed; one thread, so that the bits do not depend
// on the number of threads.
#include "internal.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

// Multiply-adds, about 50 milliseconds of one thread.
#define LONGEST 2e9

enum { RowMajor = 101, Plain = 111, Transposed = 112 };
typedef void (*Gemm64)(int, int, int, int, int, int, double, const double *, int, const double *,
                       int, double, double *, int);
typedef void (*Gemm32)(int, int, int, int, int, int, float, const float *, int, const float *, int,
                       float, float *, int);

static pthread_once_t opened = PTHREAD_ONCE_INIT;
static const char *name;
static Gemm64 gemm64;
static Gemm32 gemm32;
static const char *configuration, *core;
_Thread_local long bp_blas_threshold = BP_BLAS_FROM;

static void forget_products(void) {
  gemm64 = 0;
  gemm32 = 0;
}

// Null where it is no library of products.
static void *find_library(const char *file) {
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
  gemm64 = (Gemm64)dlsym(library, "cblas_dgemm");
  gemm32 = (Gemm32)dlsym(library, "cblas_sgemm");
  void (*threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (!gemm64 || !gemm32) {
    forget_products();
    dlclose(library);
    return 0;
  }
  if (threads) threads(1);
  char *(*tells)(void) = (char *(*)(void))dlsym(library, "openblas_get_config");
  if (tells) configuration = tells();
  tells = (char *(*)(void))dlsym(library, "openblas_get_corename");
  if (tells) core = tells();
  return library;
}

// Whether the library computes for a processor without vectors of 256 bits, which is what it takes one
// for that came out after itself: products then take three times as long as our own.
static bool is_for_older_processor(void) {
  static const char *const cores[] = {
      "Prescott", "Northwood", "Katmai",  "Coppermine",   "Banias", "Core2",     "Penryn", "Dunnington",
      "Nehalem",  "Atom",      "Athlon",  "Opteron",      "Opteron_SSE3",        "Barcelona",
      "Bobcat",   "Nano",      "Generic", "Unknown"};
  for (unsigned long i = 0; core && i < sizeof cores / sizeof *cores; i++)
    if (!strcmp(core, cores[i])) return true;
  return false;
}

// What this processor can do, whichever kernels are in use: ranks with other kernels take the same
// products. Null for one that is old itself.
static const char *newest_core(void) {
  if (bp_kernels_for(BPPrecisionFloat64, BPInstructionSetAvx512)) return "SkylakeX";
  return bp_kernels_for(BPPrecisionFloat64, BPInstructionSetAvx2) ? "Haswell" : 0;
}

static void open_library(void) {
  const char *wanted = getenv("BP_BLAS");
  if (wanted && !strcmp(wanted, "off")) return;
  const char *file = wanted && *wanted ? wanted : "libopenblas.so.0";
  // Before it is opened, or it starts threads that wait in a busy loop.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  void *library = find_library(file);
  if (!library) return;
  const char *processor = newest_core();
  if (processor && !getenv("OPENBLAS_CORETYPE") && is_for_older_processor()) {
    // It looks what to compute for when it is loaded.
    configuration = core = 0;
    dlclose(library);
    setenv("OPENBLAS_CORETYPE", processor, 1);
    library = find_library(file);
    unsetenv("OPENBLAS_CORETYPE");
    // It stays loaded, so that it can be told what it computes for.
    if (!library || is_for_older_processor()) return forget_products();
  }
  name = file;
}

const char *bp_blas_name(void) {
  pthread_once(&opened, open_library);
  return name;
}

const char *bp_blas_configuration(void) {
  pthread_once(&opened, open_library);
  return configuration;
}

const char *bp_blas_core(void) {
  pthread_once(&opened, open_library);
  return core;
}

// Sums longer than those that a library usually makes in one piece.
enum { ProbeSide = 48, ProbeLength = 1500 };

#define PROBE(NAME, R, GEMM)                                                                   \
  static uint64_t NAME(uint64_t sum) {                                                         \
    const long count = 2 * ProbeSide * ProbeLength;                                            \
    R *a = malloc((count + ProbeSide * ProbeSide) * sizeof(R)), *y = a + count;                \
    if (!a) return sum;                                                                        \
    uint32_t bits = 1;                                                                         \
    for (long i = 0; i < count; i++) {                                                         \
      bits = bits * 1664525u + 1013904223u;                                                    \
      a[i] = (R)((int32_t)bits >> 8) / 8388608;                                                \
    }                                                                                          \
    GEMM(RowMajor, Plain, Transposed, ProbeSide, ProbeSide, ProbeLength, 1, a, ProbeLength,    \
         a + ProbeSide * ProbeLength, ProbeLength, 0, y, ProbeSide);                           \
    const uint8_t *bytes = (const uint8_t *)y;                                                 \
    for (size_t i = 0; i < ProbeSide * ProbeSide * sizeof(R); i++)                             \
      sum = (sum ^ bytes[i]) * 0x100000001b3u;                                                 \
    free(a);                                                                                   \
    return sum;                                                                                \
  }
PROBE(probe64, double, gemm64)
PROBE(probe32, float, gemm32)

uint64_t bp_blas_probe(void) {
  // Denormal numbers count as they do where nets are trained or not: there are none here.
  return bp_blas_name() ? probe32(probe64(0xcbf29ce484222325u)) : 0;
}

long bp_blas_from(long count) {
  const long before = bp_blas_threshold;
  bp_blas_threshold = count;
  return before;
}

// The parts of a product follow from its shape alone, however many threads there are: another
// division would let the library choose other kernels and so other bits.
typedef struct {
  const BPProduct *shape;
  const void *a, *b;
  void *y;
  bool adds, by_columns;
  long size;
} Parts;

static long part_size(long longest, double count) {
  long parts = longest >= 4096 ? 4 : longest >= 1024 ? 2 : 1;
  // Between two parts it is seen that nobody waits any more.
  if (count / parts > LONGEST) parts = (long)(count / LONGEST) + 1;
  return ((longest + parts - 1) / parts + 63) / 64 * 64;
}

#define PRODUCT(NAME, R, GEMM)                                                                 \
  static void NAME##_part(const void *context, long part) {                                    \
    if (bp_cuts_short()) return;                                                               \
    const Parts *p = context;                                                                  \
    const BPProduct *s = p->shape;                                                             \
    const long start = part * p->size, all = p->by_columns ? s->n : s->m;                      \
    const long count = all - start < p->size ? all - start : p->size;                          \
    const int m = (int)(p->by_columns ? s->m : count), k = (int)s->k;                          \
    const int n = (int)(p->by_columns ? count : s->n);                                         \
    const R *a = p->a, *b = p->b;                                                              \
    R *y = p->y;                                                                               \
    if (p->by_columns) b += s->transposeB ? start * s->k : start, y += start;                  \
    else a += s->transposeA ? start : start * s->k, y += start * s->n;                         \
    GEMM(RowMajor, s->transposeA ? Transposed : Plain, s->transposeB ? Transposed : Plain, m,  \
         n, k, 1, a, s->transposeA ? (int)s->m : k, b, s->transposeB ? k : (int)s->n,          \
         p->adds ? 1 : 0, y, (int)s->n);                                                       \
  }                                                                                            \
  bool NAME(const BPProduct *s, const R *a, const R *b, const R *bias, R *y) {                 \
    pthread_once(&opened, open_library);                                                       \
    if (!GEMM || s->m > INT32_MAX || s->n > INT32_MAX || s->k > INT32_MAX) return false;       \
    if (bias)                                                                                  \
      for (long i = 0; i < s->m; i++)                                                          \
        for (long j = 0; j < s->n; j++)                                                        \
          y[i * s->n + j] = (s->accumulate ? y[i * s->n + j] : 0) + bias[j];                   \
    const bool by_columns = s->n >= s->m;                                                      \
    const long longest = by_columns ? s->n : s->m;                                             \
    const Parts p = {s, a, b, y, bias || s->accumulate, by_columns,                            \
                     part_size(longest, (double)s->m * s->n * s->k)};                          \
    bp_share((longest + p.size - 1) / p.size, NAME##_part, &p);                                \
    return true;                                                                               \
  }
PRODUCT(bp_blas_product64, double, gemm64)
PRODUCT(bp_blas_product32, float, gemm32)
