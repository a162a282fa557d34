// What the emulator says: a line of JSON for each event, and one that ends the answer to a command.
#include "chip.h"
#include <stdio.h>
#include <string.h>

static char stop_at[32];
static bool has_stopped;

// Begins a line; every line has the time in seconds.
void report_begin(const char *event) {
  printf("{\"event\":\"%s\",\"time\":%.6f", event, (double)chip.now / CYCLES_PER_SECOND);
  if (strcmp(event, stop_at) != 0) return;
  has_stopped = true;
  core_attend();
}

void report_number(const char *name, double value) {
  printf(",\"%s\":%.6f", name, value);
}

void report_integer(const char *name, long long value) {
  printf(",\"%s\":%lld", name, value);
}

void report_boolean(const char *name, bool value) {
  printf(",\"%s\":%s", name, value ? "true" : "false");
}

void report_text(const char *name, const char *value) {
  printf(",\"%s\":\"%s\"", name, value);
}

void report_bytes(const char *name, const uint8_t *bytes, uint32_t length) {
  printf(",\"%s\":\"", name);
  for (uint32_t i = 0; i < length; i++) printf("%02x", bytes[i]);
  putchar('"');
}

void report_end(void) {
  puts("}");
}

// Lets the next run end with an event of this kind.
void report_stop_at(const char *event) {
  snprintf(stop_at, sizeof stop_at, "%s", event);
  has_stopped = false;
}

bool report_has_stopped(void) {
  return has_stopped;
}
