// Sees what a thread of the tests asks of the file system, and lets it fail.
#pragma once

// Whether calls can be seen here.
int file_calls_can_be_seen(void);

// Forgets what was seen and sees what this thread does from now on.
// `failing` names a call that fails with `error`: fsync, fsync-folder, rename; null for none.
void file_calls_begin(const char *failing, int error);

// One line a call since: `fsync path`, `fsync-folder path`, `rename from to`, `unlink path`. Ends
// seeing; holds until the next beginning on this thread.
const char *file_calls_end(void);
