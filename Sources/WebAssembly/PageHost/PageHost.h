// What the page, or the program around, gives the engine.
#pragma once
#include <stddef.h>
#include <stdint.h>

// UTF-8 for the output (1), beside it (2), or the answer to a request (3).
__attribute__((import_module("bp"), import_name("write"))) void
bp_page_write(int32_t channel, const uint8_t *bytes, size_t count);

// Seconds from some moment on.
__attribute__((import_module("bp"), import_name("clock"))) double bp_page_clock(void);
