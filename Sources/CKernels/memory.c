// What the allocator and the system say about the memory of this process.
#include "CKernels.h"
#include <limits.h>
#ifdef __linux__
#include <malloc.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

static long least(uint64_t a, uint64_t b) {
  const uint64_t smaller = a < b ? a : b;
  return smaller > INT64_MAX ? INT64_MAX : (long)smaller;
}

// Programs that are linked for systems older than glibc 2.33 lack it.
extern struct mallinfo2 mallinfo2(void) __attribute__((weak));

long bp_memory_given_out(void) {
  if (!mallinfo2) {
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
    const struct mallinfo all = mallinfo();
    return (long)(unsigned)all.uordblks + (long)(unsigned)all.hblkhd;
  }
  const struct mallinfo2 all = mallinfo2();
  return (long)(all.uordblks + all.hblkhd);
}

void bp_memory_give_back(void) { malloc_trim(0); }

long bp_memory_free(void) {
  struct sysinfo info;
  return sysinfo(&info) == 0 ? (long)((uint64_t)info.freeram * info.mem_unit) : -1;
}

long bp_memory_addressable(void) {
  struct rlimit space = {RLIM_INFINITY, 0}, data = {RLIM_INFINITY, 0};
  getrlimit(RLIMIT_AS, &space);
  getrlimit(RLIMIT_DATA, &data);
  return least(space.rlim_cur, data.rlim_cur);
}
#else
long bp_memory_given_out(void) { return 0; }
void bp_memory_give_back(void) {}
long bp_memory_free(void) { return -1; }
long bp_memory_addressable(void) { return LONG_MAX; }
#endif
