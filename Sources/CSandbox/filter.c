// A filter of system calls (seccomp(2)): a list of those that a script never needs, and conditions on
// the arguments of a few that it does. What the kernel learned after the list was written is answered
// as an older kernel would, so that the list stays whole and the C library takes its older ways.
#include "CSandbox.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
enum { Machine = (int)AUDIT_ARCH_X86_64 };
#define NUMBER(x86_64, aarch64) x86_64
#else
enum { Machine = (int)AUDIT_ARCH_AARCH64 };
#define NUMBER(x86_64, aarch64) aarch64
#endif

// A call that the machine does not have.
enum { NONE = -1 };
enum { NewestKnown = 450, SetFilter = 1, AskAction = 2, AllThreads = 1, NewThread = 0x10000 };

#define DENIED(name, x86_64, aarch64) NUMBER(x86_64, aarch64),
static const int denied[] = {
#include "denied.inc"
};
#undef DENIED

typedef struct {
  struct sock_filter steps[768];
  unsigned short count;
} Filter;

static void add(Filter *filter, int code, uint32_t value, long yes, long no) {
  filter->steps[filter->count++] =
      (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, value};
}

static void load(Filter *filter, size_t offset) {
  add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(Filter *filter, uint32_t action) {
  add(filter, BPF_RET | BPF_K, action, 0, 0);
}

static void if_equal(Filter *filter, uint32_t value, long yes, long no) {
  add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
}

// Reads an argument of the call; for others the next `steps` are left out. The lower half is what the
// kernel looks at, and comes first on both machines.
static void load_argument(Filter *filter, int call, int place, long steps) {
  if_equal(filter, (uint32_t)call, 0, steps + 1);
  load(filter, offsetof(struct seccomp_data, args) + 8 * (size_t)place);
}

static void refuse(Filter *filter, int call, int error) {
  if (call == NONE) return;
  if_equal(filter, (uint32_t)call, 0, 1);
  answer(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
}

static void refuse_with(Filter *filter, int call, int place, uint32_t bits, int error) {
  if (call == NONE) return;
  load_argument(filter, call, place, 3);
  add(filter, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
  answer(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
  answer(filter, SECCOMP_RET_ALLOW);
}

static void refuse_without(Filter *filter, int call, int place, uint32_t bits) {
  load_argument(filter, call, place, 3);
  add(filter, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
  answer(filter, SECCOMP_RET_ERRNO | EPERM);
  answer(filter, SECCOMP_RET_ALLOW);
}

static void refuse_but(Filter *filter, int call, int place, const uint32_t *values, long count) {
  load_argument(filter, call, place, count + 2);
  for (long value = 0; value < count; value++) if_equal(filter, values[value], count - value, 0);
  answer(filter, SECCOMP_RET_ERRNO | EPERM);
  answer(filter, SECCOMP_RET_ALLOW);
}
#define REFUSE_BUT(filter, call, place, ...)                                                    \
  refuse_but(filter, call, place, (const uint32_t[]){__VA_ARGS__},                              \
             sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void fill(Filter *filter, bool reads_files) {
  const int open_call = NUMBER(2, NONE), openat_call = NUMBER(257, 56);
  // Another machine's calls have other numbers.
  load(filter, offsetof(struct seccomp_data, arch));
  if_equal(filter, (uint32_t)Machine, 1, 0);
  answer(filter, SECCOMP_RET_KILL_PROCESS);
  load(filter, offsetof(struct seccomp_data, nr));
  add(filter, BPF_JMP | BPF_JGT | BPF_K, NewestKnown, 0, 1);
  answer(filter, SECCOMP_RET_ERRNO | ENOSYS);

  for (size_t place = 0; place < sizeof denied / sizeof *denied; place++)
    refuse(filter, denied[place], EPERM);

  // Their arguments stand in memory, where no filter sees them: the older calls are taken instead.
  refuse(filter, 435 /* clone3 */, ENOSYS);
  refuse(filter, 437 /* openat2 */, ENOSYS);
  // O_TMPFILE without O_DIRECTORY, which is no change.
  const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | 020000000;
  if (reads_files) {
    refuse_with(filter, open_call, 1, writing, EACCES);
    refuse_with(filter, openat_call, 2, writing, EACCES);
  } else {
    refuse(filter, open_call, EACCES);
    refuse(filter, openat_call, EACCES);
  }
  refuse_without(filter, NUMBER(56, 220) /* clone */, 0, NewThread);
  // No code but what is there.
  refuse_with(filter, NUMBER(9, 222) /* mmap */, 2, PROT_EXEC, EPERM);
  refuse_with(filter, NUMBER(10, 226) /* mprotect */, 2, PROT_EXEC, EPERM);
  const uint32_t own = (uint32_t)getpid();
  REFUSE_BUT(filter, NUMBER(62, 129) /* kill */, 0, own);
  REFUSE_BUT(filter, NUMBER(234, 131) /* tgkill */, 0, own);
  REFUSE_BUT(filter, NUMBER(302, 261) /* prlimit64 */, 0, 0, own);
  // Whether something is a terminal, how large it is, and how much there is to read; never TIOCSTI,
  // which types for the user.
  REFUSE_BUT(filter, NUMBER(16, 29) /* ioctl */, 1, 0x5401, 0x5413, 0x541B, 0x802C542A);
  REFUSE_BUT(filter, NUMBER(72, 25) /* fcntl */, 1, F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
             F_DUPFD_CLOEXEC);
  // The names of threads, and of what the allocator maps.
  REFUSE_BUT(filter, NUMBER(157, 167) /* prctl */, 0, PR_SET_NAME, PR_GET_NAME, 0x53564D41);
  answer(filter, SECCOMP_RET_ALLOW);
}

bool bp_filter_is_known(void) {
  const uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return !syscall(NUMBER(317, 277), AskAction, 0, &action);
}

int bp_filter_seal(bool reads_files) {
  Filter filter = {.count = 0};
  fill(&filter, reads_files);
  const struct sock_fprog program = {filter.count, filter.steps};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
  const long result = syscall(NUMBER(317, 277), SetFilter, AllThreads, &program);
  return result < 0 ? errno : result > 0 ? EBUSY : 0;
}
#else
bool bp_filter_is_known(void) { return false; }
int bp_filter_seal(bool reads_files) { return 1; }
#endif
