// What embedded Swift asks of the system besides the C library.
#include <stdlib.h>

// Reads a number; there is only the C locale.
const char *_swift_stdlib_strtod_clocale(const char *text, double *result) {
  char *end;
  *result = strtod(text, &end);
  return end;
}

void __stack_chk_fail(void) { abort(); }
