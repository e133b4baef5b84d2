// Ways out of a sealed process, each tried in a process of its own.
#pragma once

#include <stdbool.h>

typedef enum {
  AttemptNeedsLandlock,  // refused by either layer: the file is named by no one
  AttemptNeedsFilter,    // refused by the filter of system calls alone
} AttemptLayer;

// A program that began in the place of an attempt ends with 0.
typedef enum {
  AttemptSucceeded,
  AttemptRefused,
  AttemptFailed,    // for another reason than the seal
  AttemptUnsealed,  // the layers that were asked for are not there
} AttemptResult;

// The attempts from 0 on; null behind the last.
const char *attempt_name(long place);
AttemptLayer attempt_layer(long place);
// Whether the attempt succeeds where nothing is sealed and the user is allowed everything.
bool attempt_is_harmless(long place);

// Tries one in a folder that holds `secret`, and `open` with a file `data` and a link `way` to the
// secret; only `open` can be read.
// `landlock` is the newest version of Landlock whose rights are used, 0 for none.
AttemptResult attempt_escape(long place, const char *folder, int landlock, bool filter);

// Microseconds that sealing takes.
double attempt_sealing_time(void);

// The call of the system that begins each layer; -1 where the system has none.
long attempt_landlock_call(void);
long attempt_filter_call(void);

// Runs a program as a kernel without the call would.
// `words` are its path and its arguments, then null.
// Returns its exit status, and in `output` what it wrote.
int attempt_older_kernel(long call, const char *const *words, char *output, long room);
