// How many of the interpreter's variables are in use: those that are free form a list.
#include "chip.h"

enum { VARIABLE_BYTES = 13, NEXT_AT = 4, REFERENCE = 0xFFF };

static uint32_t variables, count, first_empty;
// Whether the list has been whole since the last reset: no program uses half of them before it is.
static bool is_there;

void variables_watch(uint32_t address, uint32_t how_many, uint32_t first) {
  variables = address;
  count = how_many;
  first_empty = first;
}

void variables_reset(void) {
  is_there = false;
}

// False as long as there is no such list.
static bool count_used(uint32_t *used) {
  uint32_t free = memory_half(first_empty), left = count;
  while (free) {
    if (free > count || left == 0) return is_there = false;
    left--;
    const uint8_t *next = chip.ram + (variables - RAM_BASE) + (free - 1) * VARIABLE_BYTES + NEXT_AT;
    free = (uint32_t)(next[0] | next[1] << 8) & REFERENCE;
  }
  *used = left;
  if (left < count / 2) is_there = true;
  return is_there;
}

void variables_look(bool at_rest) {
  uint32_t used;
  if (!variables || !count_used(&used)) return;
  if (used > chip.most_variables) chip.most_variables = used;
  if (at_rest && used > chip.most_at_rest) chip.most_at_rest = used;
}
