// These stand before the C library's own functions of the same name and make the same system calls.
#define _GNU_SOURCE
#include "FileCalls.h"

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local struct {
  int isOn, error;
  const char *failing;
  size_t length;
  char text[1 << 16];
} seen;

static int note(const char *call, const char *first, const char *second) {
  if (!seen.isOn) return 0;
  const size_t room = sizeof seen.text - seen.length;
  const int count = snprintf(seen.text + seen.length, room, second ? "%s %s %s\n" : "%s %s\n", call,
                             first, second);
  if (count > 0 && (size_t)count < room) seen.length += (size_t)count;
  if (!seen.failing || strcmp(seen.failing, call)) return 0;
  errno = seen.error;
  return -1;
}

int fsync(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t count = seen.isOn ? readlink(link, path, sizeof path - 1) : 0;
  path[count > 0 ? count : 0] = 0;
  struct stat status;
  const int isFolder = !fstat(descriptor, &status) && S_ISDIR(status.st_mode);
  if (note(isFolder ? "fsync-folder" : "fsync", path, 0)) return -1;
  return (int)syscall(SYS_fsync, descriptor);
}

int rename(const char *from, const char *to) {
  if (note("rename", from, to)) return -1;
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path) {
  if (note("unlink", path, 0)) return -1;
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int file_calls_can_be_seen(void) { return 1; }

void file_calls_begin(const char *failing, int error) {
  seen.isOn = 1;
  seen.failing = failing;
  seen.error = error;
  seen.length = 0;
  seen.text[0] = 0;
}

const char *file_calls_end(void) {
  seen.isOn = 0;
  return seen.text;
}
#else
int file_calls_can_be_seen(void) { return 0; }
void file_calls_begin(const char *failing, int error) {}
const char *file_calls_end(void) { return ""; }
#endif
