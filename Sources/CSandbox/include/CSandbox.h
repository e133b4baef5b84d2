// What a process gives up for good before it runs a text that nobody trusts, by the system's own calls.
#pragma once

#include <stdbool.h>

// The version of Landlock that the kernel has; 0 where it has none or it is switched off.
int bp_landlock_version(void);

// Whether the kernel takes filters of system calls, and the machine is one that the filter knows.
bool bp_filter_is_known(void);

// Closes every descriptor from 3 on: what the process was started with.
void bp_close_descriptors(void);

// Takes every variable away but those named, also from the memory where the process found them.
void bp_clear_environment(const char *const *kept, long count);

// Gives up every right that the user has beyond those of a plain one, and those that a program could
// give; crashes end the process at once. The right to read any file stays where `reads_files`.
void bp_drop_rights(bool reads_files);

typedef enum {
  BPLimitMemory,      // bytes that may be addressed
  BPLimitProcessor,   // seconds of processor time
  BPLimitFileSize,    // bytes
  BPLimitDescriptors,
  BPLimitProcesses,   // of the user: threads count
} BPLimit;

// Lowers a limit; a lower one stays.
void bp_lower_limit(BPLimit limit, unsigned long most);

// Bytes that the process addresses now; 0 where nobody knows.
unsigned long bp_addressed(void);

// A descriptor that stands for a file or folder and cannot read it; -1 with `errno`.
int bp_open_place(const char *path);

// Lets the calling thread and those it makes reach no file, port and process but the files and
// folders that the descriptors stand for, which can be read.
// `newest` is the version of Landlock up to which its rights are used.
// Returns 0, or the number of the system's error.
int bp_landlock_seal(const int *readable, long count, int newest);

// From now on no thread of the process can call on the system for what a script never needs.
// Files can be opened for reading where `reads_files`, else none can.
// Returns 0, or the number of the system's error.
int bp_filter_seal(bool reads_files);
