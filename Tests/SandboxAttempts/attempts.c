#include "SandboxAttempts.h"

#ifdef __linux__
#include "CSandbox.h"
#include "calls.h"

#include <time.h>

// A handle of a file, as open_by_handle_at takes it.
struct handle {
  unsigned bytes;
  int type;
  unsigned char name[128];
};

static long open_again(const char *path) {
  char name[64];
  const int place = open(path, O_PATH);
  snprintf(name, sizeof name, "/proc/self/fd/%d", place);
  return open(name, O_RDONLY);
}

static long open_by_handle(const char *path) {
  struct handle handle = {.bytes = sizeof handle.name};
  int mount;
  if (syscall(SYS_name_to_handle_at, AT_FDCWD, path, &handle, &mount, 0)) return -1;
  return syscall(SYS_open_by_handle_at, open(".", O_PATH), &handle, O_RDONLY);
}

static long open_2(const char *path) {
  const uint64_t how[3] = {O_RDONLY, 0, 0};
  return syscall(437, AT_FDCWD, path, how, sizeof how);
}

static long list(const char *path) {
  char entries[1024];
  const int folder = open(path, O_RDONLY | O_DIRECTORY);
  return folder < 0 ? -1 : syscall(SYS_getdents64, folder, entries, sizeof entries);
}

static long child(long result) {
  if (result == 0) _exit(0);
  return result;
}

static long clone_3(void) {
  uint64_t arguments[8] = {0};
  arguments[4] = SIGCHLD;
  return child(syscall(435, arguments, sizeof arguments));
}

static long run(int descriptor, const char *path, int flags) {
  char *const words[] = {"true", 0}, *const none[] = {0};
  // A program that begins in this one's place succeeds.
  return syscall(SYS_execveat, descriptor, path, words, none, flags);
}

static long run_from_memory(void) {
  const int file = (int)syscall(SYS_memfd_create, "program", 0);
  if (file < 0) return -1;
  static const char script[] = "#!/bin/true\n";
  if (write(file, script, sizeof script - 1) < 0) return -1;
  return run(file, "", AT_EMPTY_PATH);
}

static long copy_from_parent(int call) {
  char byte = 0;
  static char target;
  const struct iovec own = {&byte, 1}, other = {&target, 1};
  return syscall(call, getppid(), &own, 1, &other, 1, 0);
}

static long signal_parent_through_pipe(void) {
  int ends[2];
  if (pipe(ends)) return -1;
  return fcntl(ends[0], F_SETOWN, getppid());
}

static long queue_signal(void) {
  siginfo_t info = {.si_signo = 0, .si_code = SI_QUEUE};
  return syscall(SYS_rt_sigqueueinfo, getppid(), 0, &info);
}

static long map_code(void) {
  void *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return code == MAP_FAILED ? -1 : 0;
}

static long make_code(void) {
  void *code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return code == MAP_FAILED ? -1 : mprotect(code, 4096, PROT_READ | PROT_EXEC);
}

static long raise_limit(void) {
  const struct rlimit more = {1 << 20, 1 << 20};
  return setrlimit(RLIMIT_FSIZE, &more);
}

static long limit_parent(void) {
  const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, &limit, 0);
}

static long affinity(void) {
  unsigned long cores[16] = {1};
  return syscall(SYS_sched_setaffinity, 0, sizeof cores, cores);
}

static long set_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return syscall(SYS_clock_settime, CLOCK_REALTIME, &now);
}

static long host_name(void) {
  char name[64] = "";
  gethostname(name, sizeof name - 1);
  return sethostname(name, strlen(name));
}

#ifdef __x86_64__
static long call_of_32_bits(void) {
  long result;
  // getpid of the 32-bit interface: only its number tells it from another call.
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
  return result;
}
#define X86(code) code
#else
#define X86(code) (errno = ENOSYS, -1)
static long call_of_32_bits(void) { return -1; }
#endif

#define SECRET "../secret"
static const struct stat *none;

// name, layer, harmless, what is tried in the folder `open`
#define ATTEMPTS(TRY)                                                                              \
  TRY("open", Landlock, true, open(SECRET, O_RDONLY))                                              \
  TRY("open beneath a folder", Landlock, true, openat(open("..", O_PATH), "secret", O_RDONLY))     \
  TRY("open by a way round", Landlock, true, open("../open/../open/../secret", O_RDONLY))          \
  TRY("open through a link", Landlock, true, open("way", O_RDONLY))                                \
  TRY("open what stands for it", Landlock, true, open_again(SECRET))                               \
  TRY("open through /proc", Landlock, true, open("/proc/self/cwd/../secret", O_RDONLY))            \
  TRY("open through the root", Landlock, true, open("/proc/self/root/etc/passwd", O_RDONLY))       \
  TRY("openat2", Landlock, false, open_2(SECRET))                                                  \
  TRY("list the root", Landlock, true, list("/"))                                                  \
  TRY("list the folder above", Landlock, true, list(".."))                                         \
  TRY("read the accounts", Landlock, true, open("/etc/passwd", O_RDONLY))                          \
  TRY("read the environment", Landlock, true, open("/proc/self/environ", O_RDONLY))                \
  TRY("read the memory", Landlock, true, open("/proc/self/mem", O_RDONLY))                         \
  TRY("write the memory", Landlock, true, open("/proc/self/mem", O_RDWR))                          \
  TRY("read a device", Landlock, true, open("/dev/zero", O_RDONLY))                                \
  TRY("open the terminal", Landlock, false, open("/dev/tty", O_RDWR))                              \
  TRY("open by handle", Filter, false, open_by_handle(SECRET))                                     \
  TRY("make a file", Landlock, true, open("made", O_WRONLY | O_CREAT, 0600))                       \
  TRY("make a file the old way", Landlock, true, X86(syscall(85, "made", 0600)))                   \
  TRY("make a file without a name", Landlock, false, open(".", O_WRONLY | O_TMPFILE, 0600))        \
  TRY("write a readable file", Landlock, true, open("data", O_WRONLY))                             \
  TRY("append to a readable file", Landlock, true, open("data", O_WRONLY | O_APPEND))              \
  TRY("empty a readable file", Filter, true, truncate("data", 0))                                  \
  TRY("make shared memory", Landlock, false, open("/dev/shm/made", O_RDWR | O_CREAT, 0600))        \
  TRY("make a folder", Landlock, true, mkdir("folder", 0700))                                      \
  TRY("remove a folder", Landlock, false, rmdir("../empty"))                                       \
  TRY("rename", Landlock, true, rename("data", "data2"))                                           \
  TRY("rename into another folder", Landlock, true, rename("data", "../data"))                     \
  TRY("link", Landlock, true, link("data", "data2"))                                               \
  TRY("link the secret", Landlock, true, link(SECRET, "near"))                                     \
  TRY("make a link", Landlock, true, symlink(SECRET, "near"))                                      \
  TRY("remove", Landlock, true, unlink("data"))                                                    \
  TRY("make a pipe with a name", Landlock, true, mkfifo("pipe", 0600))                             \
  TRY("make a device", Landlock, false, mknod("device", S_IFCHR | 0600, 0x103))                    \
  TRY("change rights", Filter, true, chmod(SECRET, 0777))                                          \
  TRY("change the owner", Filter, false, chown(SECRET, 0, 0))                                      \
  TRY("change the time", Filter, true, utimensat(AT_FDCWD, SECRET, 0, 0))                          \
  TRY("change an attribute", Filter, false, setxattr(SECRET, "user.a", "1", 1, 0))                 \
  TRY("a connection", Filter, true, socket(AF_INET, SOCK_STREAM, 0))                               \
  TRY("a connection of version 6", Filter, false, socket(AF_INET6, SOCK_DGRAM, 0))                 \
  TRY("a local connection", Filter, true, socket(AF_UNIX, SOCK_STREAM, 0))                         \
  TRY("a pair of sockets", Filter, true,                                                           \
      socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0, 0}))                                         \
  TRY("the kernel's connection", Filter, true, socket(AF_NETLINK, SOCK_RAW, 0))                    \
  TRY("packets", Filter, false, socket(AF_PACKET, SOCK_RAW, 0))                                    \
  TRY("connect", Filter, false, connect(0, (struct sockaddr *)&none, 0))                           \
  TRY("fork", Filter, true, child(fork()))                                                         \
  TRY("vfork", Filter, true, child(vfork()))                                                       \
  TRY("clone", Filter, true, child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)))                       \
  TRY("clone3", Filter, false, clone_3())                                                          \
  TRY("run a program", Landlock, true, run(AT_FDCWD, "/bin/true", 0))                              \
  TRY("run a program the old way", Landlock, true, execl("/bin/true", "true", (char *)0))          \
  TRY("run what is in memory", Filter, false, run_from_memory())                                   \
  TRY("be traced", Filter, false, ptrace(PTRACE_TRACEME, 0, 0, 0))                                 \
  TRY("trace", Filter, false, ptrace(PTRACE_SEIZE, getppid(), 0, 0))                               \
  TRY("read another's memory", Filter, false, copy_from_parent(SYS_process_vm_readv))              \
  TRY("write another's memory", Filter, false, copy_from_parent(SYS_process_vm_writev))            \
  TRY("signal", Filter, true, kill(getppid(), 0))                                                  \
  TRY("signal all", Filter, true, kill(-1, 0))                                                     \
  TRY("signal the group", Filter, true, kill(0, 0))                                                \
  TRY("signal a thread", Filter, true, syscall(SYS_tkill, getppid(), 0))                           \
  TRY("signal a thread of a group", Filter, true, syscall(SYS_tgkill, getppid(), getppid(), 0))    \
  TRY("queue a signal", Filter, false, queue_signal())                                             \
  TRY("signal through a pipe", Filter, true, signal_parent_through_pipe())                         \
  TRY("hold a process", Filter, false, syscall(434, getppid(), 0))                                 \
  TRY("leave the session", Filter, true, setsid())                                                 \
  TRY("map code", Filter, true, map_code())                                                        \
  TRY("make code", Filter, true, make_code())                                                      \
  TRY("a file in memory", Filter, true, syscall(SYS_memfd_create, "m", 0))                         \
  TRY("mount", Filter, false, mount("none", "/mnt", "tmpfs", 0, 0))                                \
  TRY("unmount", Filter, false, umount2("/nothing", 0))                                            \
  TRY("another view of mounts", Filter, false, unshare(CLONE_NEWNS))                               \
  TRY("another view of users", Filter, false, unshare(CLONE_NEWUSER))                              \
  TRY("another's view", Filter, false, setns(0, 0))                                                \
  TRY("another root", Filter, false, chroot("."))                                                  \
  TRY("swap the root", Filter, false, syscall(SYS_pivot_root, ".", "."))                           \
  TRY("bpf", Filter, false, syscall(SYS_bpf, 0, 0, 0))                                             \
  TRY("io_uring", Filter, false, syscall(425, 1, (char[120]){0}))                                  \
  TRY("keys", Filter, false, syscall(SYS_keyctl, 0, -3, 0))                                        \
  TRY("counters", Filter, false, syscall(SYS_perf_event_open, (char[128]){0}, 0, -1, -1, 0))       \
  TRY("faults", Filter, false, syscall(SYS_userfaultfd, 0))                                        \
  TRY("watch files", Filter, true, inotify_init())                                                 \
  TRY("watch all files", Filter, false, syscall(SYS_fanotify_init, 0, O_RDONLY))                   \
  TRY("memory for all", Filter, true, syscall(SYS_shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600))    \
  TRY("a queue", Filter, false, syscall(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600))                \
  TRY("a semaphore", Filter, false, syscall(SYS_semget, IPC_PRIVATE, 1, IPC_CREAT | 0600))         \
  TRY("a queue with a name", Filter, false, syscall(SYS_mq_open, "q", O_RDWR | O_CREAT, 0600, 0))  \
  TRY("load a module", Filter, false, syscall(SYS_init_module, 0, 0, ""))                          \
  TRY("another user", Filter, true, setuid(getuid()))                                              \
  TRY("another personality", Filter, true, personality(0xFFFFFFFF))                                \
  TRY("restart", Filter, false, syscall(SYS_reboot, 0, 0, 0, 0))                                   \
  TRY("the clock", Filter, false, set_clock())                                                     \
  TRY("the machine's name", Filter, false, host_name())                                            \
  TRY("type for the user", Filter, false, ioctl(0, TIOCSTI, "x"))                                  \
  TRY("be dumped", Filter, true, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))                               \
  TRY("raise a limit", Landlock, false, raise_limit())                                             \
  TRY("another's limit", Filter, true, limit_parent())                                             \
  TRY("choose cores", Filter, false, affinity())                                                   \
  TRY("a newer call", Filter, false, syscall(467, AT_FDCWD, ".", 0, 0, 0))                         \
  TRY("a call of x32", Filter, false, syscall(0x40000000 | 39))                                    \
  TRY("a call of 32 bits", Filter, false, call_of_32_bits())

enum { Landlock = AttemptNeedsLandlock, Filter = AttemptNeedsFilter };

#define NAME(name, layer, harmless, code) name,
#define LAYER(name, layer, harmless, code) layer,
#define HARMLESS(name, layer, harmless, code) harmless,
#define CASE(name, layer, harmless, code)                                                          \
  if (place-- == 0) return (long)(code);

static const char *const names[] = {ATTEMPTS(NAME) 0};
static const AttemptLayer layers[] = {ATTEMPTS(LAYER)};
static const bool harmless[] = {ATTEMPTS(HARMLESS)};

static long try_it(long place) {
  ATTEMPTS(CASE)
  return -1;
}

const char *attempt_name(long place) { return names[place]; }
AttemptLayer attempt_layer(long place) { return layers[place]; }
bool attempt_is_harmless(long place) { return harmless[place]; }

static int seal(const char *folder, int landlock, bool filter) {
  if (chdir(folder) || chdir("open")) return 1;
  if (landlock == 0 && !filter) return 0;
  const int open_folder = bp_open_place(".");
  bp_drop_rights(true);
  bp_lower_limit(BPLimitFileSize, 0);
  if (landlock > 0 && bp_landlock_seal(&open_folder, 1, landlock)) return 1;
  if (filter && bp_filter_seal(true)) return 1;
  // What could be read before still can.
  return open("data", O_RDONLY) < 0;
}

AttemptResult attempt_escape(long place, const char *folder, int landlock, bool filter) {
  const pid_t pid = fork();
  if (pid < 0) return AttemptUnsealed;
  if (pid == 0) {
    close(0);
    if (seal(folder, landlock, filter)) _exit(AttemptUnsealed);
    const long result = try_it(place);
    if (result >= 0) _exit(AttemptSucceeded);
    const bool isSealed = errno == EPERM || errno == EACCES || errno == ENOSYS || errno == EXDEV;
    _exit(isSealed ? AttemptRefused : AttemptFailed);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status)) return WTERMSIG(status) == SIGSYS ? AttemptRefused : AttemptFailed;
  return (AttemptResult)WEXITSTATUS(status);
}

double attempt_sealing_time(void) {
  int ends[2];
  double time = 0;
  if (pipe(ends)) return 0;
  const pid_t pid = fork();
  if (pid == 0) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    bp_drop_rights(false);
    bp_landlock_seal(0, 0, 1000);
    bp_filter_seal(false);
    clock_gettime(CLOCK_MONOTONIC, &end);
    time = (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
    _exit(write(ends[1], &time, sizeof time) < 0);
  }
  close(ends[1]);
  if (read(ends[0], &time, sizeof time) < 0) time = 0;
  close(ends[0]);
  waitpid(pid, 0, 0);
  return time;
}
#else
const char *attempt_name(long place) { return 0; }
AttemptLayer attempt_layer(long place) { return AttemptNeedsFilter; }
bool attempt_is_harmless(long place) { return false; }
AttemptResult attempt_escape(long place, const char *folder, int landlock, bool filter) {
  return AttemptUnsealed;
}
double attempt_sealing_time(void) { return 0; }
#endif
