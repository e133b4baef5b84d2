// One thread: none can be created, and what guards against others has nothing to do.
#pragma once
#include <errno.h>

typedef int pthread_t, pthread_attr_t, pthread_once_t, pthread_mutex_t, pthread_cond_t;

#define PTHREAD_ONCE_INIT 0
#define PTHREAD_MUTEX_INITIALIZER 0
#define PTHREAD_COND_INITIALIZER 0
#define PTHREAD_CREATE_DETACHED 1

static inline int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                 void *(*body)(void *), void *context) {
  (void)thread, (void)attributes, (void)body, (void)context;
  return EAGAIN;
}
static inline int pthread_join(pthread_t thread, void **result) {
  (void)thread, (void)result;
  return ESRCH;
}
static inline int pthread_once(pthread_once_t *once, void (*body)(void)) {
  if (!*once) *once = 1, body();
  return 0;
}
static inline int pthread_attr_init(pthread_attr_t *attributes) { return *attributes = 0; }
static inline int pthread_attr_destroy(pthread_attr_t *attributes) { return *attributes = 0; }
static inline int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state) {
  *attributes = state;
  return 0;
}
static inline int pthread_mutex_init(pthread_mutex_t *mutex, const void *attributes) {
  return *mutex = 0;
}
static inline int pthread_mutex_destroy(pthread_mutex_t *mutex) { return *mutex = 0; }
static inline int pthread_mutex_lock(pthread_mutex_t *mutex) { return *mutex = 0; }
static inline int pthread_mutex_trylock(pthread_mutex_t *mutex) { return *mutex = 0; }
static inline int pthread_mutex_unlock(pthread_mutex_t *mutex) { return *mutex = 0; }
static inline int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  return *condition = *mutex = 0;
}
static inline int pthread_cond_signal(pthread_cond_t *condition) { return *condition = 0; }
