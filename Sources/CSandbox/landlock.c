// Landlock: the kernel refuses a process what it has not named before (landlock(7)). Numbers and
// structures stand here, since the headers of a stable system are older than its kernel.
#include "CSandbox.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CreateRuleset = 444, AddRule = 445, RestrictSelf = 446 };
enum { AskVersion = 1, BeneathPath = 1, AllThreads = 1 << 3 };
enum { ReadFile = 1 << 2, ReadFolder = 1 << 3 };

struct ruleset {
  uint64_t files, ports, scopes;
};
struct beneath {
  uint64_t rights;
  int32_t folder;
} __attribute__((packed));

// What each version of Landlock can refuse: all of it is.
static struct ruleset refused_by(int version) {
  struct ruleset set = {(1 << 13) - 1, 0, 0};
  if (version >= 2) set.files |= 1 << 13;  // renaming into another folder
  if (version >= 3) set.files |= 1 << 14;  // truncating
  if (version >= 4) set.ports = 3;         // binding, connecting
  if (version >= 5) set.files |= 1 << 15;  // controlling devices
  if (version >= 6) set.scopes = 3;        // abstract sockets, signals
  return set;
}

int bp_landlock_version(void) {
  const long version = syscall(CreateRuleset, 0, 0, AskVersion);
  return version < 0 ? 0 : (int)version;
}

int bp_open_place(const char *path) { return open(path, O_PATH | O_CLOEXEC); }

static int refuse_the_rest(int rules, const int *readable, long count, int version) {
  for (long place = 0; place < count; place++) {
    struct stat status;
    if (fstat(readable[place], &status)) return errno;
    const struct beneath rule = {S_ISDIR(status.st_mode) ? ReadFile | ReadFolder : ReadFile,
                                 readable[place]};
    if (syscall(AddRule, rules, BeneathPath, &rule, 0)) return errno;
  }
  if (version >= 8 && !syscall(RestrictSelf, rules, AllThreads)) return 0;
  return syscall(RestrictSelf, rules, 0) ? errno : 0;
}

int bp_landlock_seal(const int *readable, long count, int newest) {
  int version = bp_landlock_version();
  if (version == 0) return ENOSYS;
  if (version > newest) version = newest;
  const struct ruleset refused = refused_by(version);
  const int rules = (int)syscall(CreateRuleset, &refused, sizeof refused, 0);
  if (rules < 0) return errno;
  const int error = refuse_the_rest(rules, readable, count, version);
  close(rules);
  return error;
}
#else
#include <fcntl.h>
int bp_open_place(const char *path) { return open(path, O_RDONLY | O_NONBLOCK); }
int bp_landlock_version(void) { return 0; }
int bp_landlock_seal(const int *readable, long count, int newest) { return 1; }
#endif
