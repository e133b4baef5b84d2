// Threads that share the parts of one computation. They sleep while there is none; who asked works
// as well and never waits for a thread that has not begun, so that a busy machine costs nothing.
#include "internal.h"
#include <stdatomic.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { MostThreads = 16 };

static pthread_once_t counted = PTHREAD_ONCE_INIT;
static _Atomic long wanted;
static pthread_mutex_t in_use = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t brief = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool is_helper;
static long helpers, working;
static uint64_t number;
static bool is_open;
static struct {
  void (*body)(const void *, long);
  const void *context;
  long parts;
  uint64_t denormals;
  _Atomic long next;
} job;

static void count_threads(void) {
  const char *text = getenv("BP_THREADS");
  long count = text ? strtol(text, 0, 10) : 0;
#ifdef __linux__
  cpu_set_t set;
  if (count < 1 && sched_getaffinity(0, sizeof set, &set) == 0) count = CPU_COUNT(&set);
#endif
  if (count < 1) count = sysconf(_SC_NPROCESSORS_ONLN);
  wanted = count < 1 ? 1 : count > MostThreads ? MostThreads : count;
}

long bp_threads(long count) {
  pthread_once(&counted, count_threads);
  if (count < 1) return wanted;
  return atomic_exchange(&wanted, count > MostThreads ? MostThreads : count);
}

static void take_parts(void) {
  for (long part; (part = atomic_fetch_add(&job.next, 1)) < job.parts;)
    job.body(job.context, part);
}

static void *help(void *unused) {
  (void)unused;
  is_helper = true;
  uint64_t seen = 0;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (!is_open || number == seen) pthread_cond_wait(&work, &lock);
    seen = number;
    working++;
    pthread_mutex_unlock(&lock);
    bp_restore_denormals(job.denormals);
    take_parts();
    pthread_mutex_lock(&lock);
    if (--working == 0) pthread_cond_signal(&done);
  }
  return 0;
}

/* A signal is for the thread that works for the user, never for a helper. */
static void start_helpers(long count) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  for (pthread_t thread; helpers < count; helpers++)
    if (pthread_create(&thread, &attributes, help, 0)) break;
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, 0);
}

void bp_share(long parts, void (*body)(const void *, long), const void *context) {
  const long threads = bp_threads(0);
  if (threads < 2 || parts < 2 || pthread_mutex_trylock(&in_use)) {
    for (long part = 0; part < parts; part++) body(context, part);
    return;
  }
  pthread_mutex_lock(&lock);
  if (helpers < threads - 1) start_helpers(threads - 1);
  job.body = body;
  job.context = context;
  job.parts = parts;
  job.denormals = bp_flush_denormals();
  bp_restore_denormals(job.denormals);
  job.next = 0;
  number++;
  is_open = true;
  for (long helper = 1; helper < threads && helper < parts; helper++) pthread_cond_signal(&work);
  pthread_mutex_unlock(&lock);
  take_parts();
  pthread_mutex_lock(&lock);
  is_open = false;
  while (working > 0) pthread_cond_wait(&done, &lock);
  pthread_mutex_unlock(&lock);
  pthread_mutex_unlock(&in_use);
}

bool bp_is_helper(void) { return is_helper; }
void bp_lock(void) { pthread_mutex_lock(&brief); }
void bp_unlock(void) { pthread_mutex_unlock(&brief); }
