// What a process can give up without the kernel's newer means.
#include "CSandbox.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

extern char **environ;

void bp_close_descriptors(void) {
#ifdef __linux__
  if (!syscall(436 /* close_range */, 3, ~0U, 0)) return;
#endif
  const long count = sysconf(_SC_OPEN_MAX);
  for (int descriptor = 3; descriptor < (count < 0 ? 1 << 16 : count); descriptor++)
    close(descriptor);
}

static bool is_kept(const char *variable, const char *const *kept, long count) {
  for (long place = 0; place < count; place++) {
    const size_t length = strlen(kept[place]);
    if (!strncmp(variable, kept[place], length) && variable[length] == '=') return true;
  }
  return false;
}

// In place: whoever looks for the arguments of the process counts from the beginning of the list.
void bp_clear_environment(const char *const *kept, long count) {
  char **next = environ;
  for (char **variable = environ; variable && *variable; variable++) {
    if (is_kept(*variable, kept, count)) *next++ = *variable;
    else memset(*variable, 0, strlen(*variable));
  }
  if (next) *next = 0;
}

void bp_drop_rights(bool reads_files) {
  // A crash is no matter for a reporter, which is another program.
  const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
  for (size_t place = 0; place < sizeof crashes / sizeof *crashes; place++)
    signal(crashes[place], SIG_DFL);
  signal(SIGXFSZ, SIG_IGN);
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // capset(2), version 3: effective, permitted and inheritable rights in two halves.
  const struct {
    uint32_t version;
    int32_t process;
  } header = {0x20080522, 0};
  const uint32_t read_any = reads_files ? 1 << 2 : 0;
  const uint32_t rights[6] = {read_any, read_any, 0, 0, 0, 0};
  if (syscall(SYS_capset, &header, rights) && reads_files) {
    const uint32_t no_rights[6] = {0};
    syscall(SYS_capset, &header, no_rights);
  }
#endif
}

void bp_lower_limit(BPLimit limit, unsigned long most) {
  const int resources[] = {RLIMIT_AS, RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC};
  struct rlimit now;
  if (getrlimit(resources[limit], &now)) return;
  if (now.rlim_max > most) now.rlim_max = most;
  if (now.rlim_cur > now.rlim_max) now.rlim_cur = now.rlim_max;
  setrlimit(resources[limit], &now);
}

unsigned long bp_addressed(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file) return 0;
  if (fscanf(file, "%lu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (unsigned long)sysconf(_SC_PAGESIZE);
}
