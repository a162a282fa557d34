// Random numbers that are the same for the same seed (xorshift64, Marsaglia 2003).
#include "chip.h"

static uint64_t state = 1;

void random_seed(uint64_t seed) {
  state = seed * 0x9E3779B97F4A7C15ULL + 1;
}

uint32_t random_next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 24);
}

uint32_t random_below(uint32_t limit) {
  return random_next() % limit;
}
