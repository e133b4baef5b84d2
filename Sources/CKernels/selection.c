// Which instruction set runs, and the denormal flag of the thread.
#include "internal.h"
#include <stdatomic.h>
#include <stdlib.h>

static bool bp_available(BPInstructionSet set) {
  switch (set) {
  case BPInstructionSetPortable: return true;
#if defined(__x86_64__)
  case BPInstructionSetAvx2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case BPInstructionSetAvx512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           bp_available(BPInstructionSetAvx2);
#else
  default: return false;
#endif
  }
}

static _Atomic BPInstructionSet most = BPInstructionSetAvx512;
static const BPKernels *_Atomic chosen[2];

static BPInstructionSet wanted_set(void) {
  const char *wanted = getenv("BP_KERNELS");
  BPInstructionSet best = bp_available(BPInstructionSetAvx512) ? BPInstructionSetAvx512
                          : bp_available(BPInstructionSetAvx2) ? BPInstructionSetAvx2
                                                               : BPInstructionSetPortable;
  if (!wanted) return best;
  if (!strcmp(wanted, "portable")) return BPInstructionSetPortable;
  if (!strcmp(wanted, "avx2") && bp_available(BPInstructionSetAvx2)) return BPInstructionSetAvx2;
  return best;
}

BPInstructionSet bp_instruction_set(void) {
  // Each set has what those before it have.
  const BPInstructionSet set = wanted_set(), limit = most;
  return set < limit ? set : limit;
}

void bp_limit_instruction_set(BPInstructionSet set) {
  most = set;
  chosen[0] = chosen[1] = 0;
}

const BPKernels *bp_kernels_for(BPPrecision precision, BPInstructionSet set) {
  if (!bp_available(set)) return 0;
  switch (set) {
  case BPInstructionSetPortable: return bp_table_portable(precision);
  case BPInstructionSetAvx2: return bp_table_avx2(precision);
  case BPInstructionSetAvx512: return bp_table_avx512(precision);
  }
}

const BPKernels *bp_kernels(BPPrecision precision) {
  const BPKernels *table = chosen[precision];
  if (!table) chosen[precision] = table = bp_kernels_for(precision, bp_instruction_set());
  return table;
}

#if defined(__x86_64__)
#include <immintrin.h>
// Flush to zero and denormals are zero: bits 15 and 6 of MXCSR.
uint64_t bp_flush_denormals(void) {
  unsigned before = _mm_getcsr();
  if ((before & 0x8040u) != 0x8040u) _mm_setcsr(before | 0x8040u);
  return before;
}
uint64_t bp_keep_denormals(void) {
  unsigned before = _mm_getcsr();
  if (before & 0x8040u) _mm_setcsr(before & ~0x8040u);
  return before;
}
void bp_restore_denormals(uint64_t state) {
  if (_mm_getcsr() != (unsigned)state) _mm_setcsr((unsigned)state);
}
#elif defined(__aarch64__)
// Bit 24 of FPCR.
uint64_t bp_flush_denormals(void) {
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before | (1u << 24)));
  return before;
}
uint64_t bp_keep_denormals(void) {
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before & ~(1ull << 24)));
  return before;
}
void bp_restore_denormals(uint64_t state) {
  __asm__ volatile("msr fpcr, %0" : : "r"(state));
}
#else
uint64_t bp_flush_denormals(void) { return 0; }
uint64_t bp_keep_denormals(void) { return 0; }
void bp_restore_denormals(uint64_t state) { (void)state; }
#endif
