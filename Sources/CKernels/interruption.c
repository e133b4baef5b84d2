// Whether anybody still waits for what is computed. One answer for the process, as signals are.
#include "internal.h"
#include <stdatomic.h>

static _Alignas(4) uint8_t reasons[4];
static _Atomic int holds;
static _Atomic bool was_cut;

volatile uint8_t *bp_stop_reasons(void) { return reasons; }

bool bp_cuts_short(void) {
  if (!bp_stop_is_requested() || atomic_load_explicit(&holds, memory_order_relaxed) > 0)
    return false;
  atomic_store_explicit(&was_cut, true, memory_order_relaxed);
  return true;
}

bool bp_stop_is_requested(void) {
  uint32_t all;
  __atomic_load((uint32_t *)reasons, &all, __ATOMIC_RELAXED);
  return all != 0;
}

bool bp_has_cut_short(void) { return atomic_load_explicit(&was_cut, memory_order_relaxed); }
void bp_forget_cut(void) { atomic_store_explicit(&was_cut, false, memory_order_relaxed); }
void bp_hold(int change) { atomic_fetch_add_explicit(&holds, change, memory_order_relaxed); }
bool bp_is_held(void) { return atomic_load_explicit(&holds, memory_order_relaxed) > 0; }
