// AES-128, as the ECB peripheral has it (FIPS 197).
#include "chip.h"
#include <string.h>

enum { ROUNDS = 10, REDUCTION = 0x1B };

static uint8_t doubled(uint8_t value) {
  return (uint8_t)(value << 1 ^ (value & 0x80 ? REDUCTION : 0));
}

static uint8_t rotated(uint8_t value, int bits) {
  return (uint8_t)(value << bits | value >> (8 - bits));
}

// The substitution box, made from the powers of 3 (section 5.1.1).
static const uint8_t *substitution(void) {
  static uint8_t box[256];
  if (box[0]) return box;
  uint8_t power = 1, inverse = 1;
  do {
    power ^= doubled(power);
    inverse ^= (uint8_t)(inverse << 1);
    inverse ^= (uint8_t)(inverse << 2);
    inverse ^= (uint8_t)(inverse << 4);
    if (inverse & 0x80) inverse ^= 0x09;
    box[power] = (uint8_t)(inverse ^ rotated(inverse, 1) ^ rotated(inverse, 2) ^ rotated(inverse, 3) ^
                           rotated(inverse, 4) ^ 0x63);
  } while (power != 1);
  box[0] = 0x63;
  return box;
}

static void next_key(uint8_t key[16], uint8_t constant) {
  const uint8_t *box = substitution();
  for (int i = 0; i < 4; i++) key[i] ^= box[key[12 + (i + 1) % 4]] ^ (i ? 0 : constant);
  for (int i = 4; i < 16; i++) key[i] ^= key[i - 4];
}

static void mix_columns(uint8_t state[16]) {
  for (int column = 0; column < 16; column += 4) {
    uint8_t *s = state + column, first = s[0], all = s[0] ^ s[1] ^ s[2] ^ s[3];
    for (int i = 0; i < 4; i++) s[i] ^= all ^ doubled(s[i] ^ (i < 3 ? s[i + 1] : first));
  }
}

void encrypt_block(const uint8_t key[16], const uint8_t text[16], uint8_t cipher[16]) {
  const uint8_t *box = substitution();
  uint8_t round_key[16], state[16], constant = 1;
  memcpy(round_key, key, 16);
  for (int i = 0; i < 16; i++) state[i] = text[i] ^ key[i];
  for (int round = 1; round <= ROUNDS; round++, constant = doubled(constant)) {
    uint8_t shifted[16];
    for (int i = 0; i < 16; i++) shifted[i] = box[state[(5 * i) % 16]];
    if (round < ROUNDS) mix_columns(shifted);
    next_key(round_key, constant);
    for (int i = 0; i < 16; i++) state[i] = shifted[i] ^ round_key[i];
  }
  memcpy(cipher, state, 16);
}
