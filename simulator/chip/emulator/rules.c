// What S132 3.1.0 refuses, as measured at level B. simulator/espruino/s132.ts says the same; a test compares both and the original.
#include "chip.h"
#include "s132.h"

enum { LONGEST_DATA = 31 };
// Units of 0.625 ms.
enum { SHORTEST_CONNECTABLE = 0x20, SHORTEST_NON_CONNECTABLE = 0xA0, LONGEST_INTERVAL = 0x4000, SHORTEST_WINDOW = 4 };
// Seconds.
enum { LONGEST_LIMITED = 180 };
enum { PUBLIC = 0, RANDOM_STATIC = 1 };

static uint32_t refused_list(uint32_t length, uint32_t bytes) {
  return length == 1 || (length - 1) % bytes ? UUID_LIST_MISMATCH : SUCCESS;
}

// One structure of advertising data, its length included.
static uint32_t refused_structure(const uint8_t *bytes, uint32_t left, bool is_scan_response) {
  uint32_t length = bytes[0], first = left > 2 ? bytes[2] : 0;
  switch (left > 1 ? bytes[1] : 0) {
    case 0x01:
      if (length != 2) return INVALID_LENGTH;
      return is_scan_response || first < 4 || first > 6 ? INVALID_FLAGS : SUCCESS;
    case 0x02:
    case 0x03:
    case 0x14: return refused_list(length, 2);
    case 0x04:
    case 0x05: return NOT_SUPPORTED;
    case 0x06:
    case 0x07:
    case 0x15: return refused_list(length, 16);
    default: return SUCCESS;
  }
}

uint32_t refused_advertising_data(const uint8_t *bytes, uint32_t length, bool is_scan_response) {
  if (length > LONGEST_DATA) return INVALID_LENGTH;
  uint64_t seen = 0;
  int names = 0;
  // Positions are counted in eight bits, so that a length of nearly 256 leads back to where it was already.
  for (uint8_t at = 0; at < length; at = (uint8_t)(at + 1 + bytes[at])) {
    if (seen >> at & 1) return (uint32_t)HANGS;
    seen |= 1ULL << at;
    if (bytes[at] == 0) {
      // Ends the data early.
      while (at < length && bytes[at] == 0) at++;
      return at < length ? INVALID_DATA : SUCCESS;
    }
    uint32_t refusal = refused_structure(bytes + at, length - at, is_scan_response);
    if (refusal) return refusal;
    bool is_name = at + 1u < length && (bytes[at + 1] == 0x08 || bytes[at + 1] == 0x09);
    if (is_name && ++names > 1) return INVALID_DATA;
    if ((uint8_t)(at + 1 + bytes[at]) > length) return INVALID_LENGTH;
  }
  return SUCCESS;
}

uint32_t refused_advertising(uint32_t type, uint32_t interval, uint32_t timeout, bool limited, bool advertising) {
  if (type == DIRECTED) return INVALID_POINTER;
  if (advertising) return INVALID_STATE;
  if (type > NON_CONNECTABLE) return INVALID_PARAMETER;
  uint32_t shortest = type == CONNECTABLE ? SHORTEST_CONNECTABLE : SHORTEST_NON_CONNECTABLE;
  if (interval < shortest || interval > LONGEST_INTERVAL) return INVALID_PARAMETER;
  return limited && (timeout == 0 || timeout > LONGEST_LIMITED) ? INVALID_PARAMETER : SUCCESS;
}

uint32_t refused_scan(uint32_t interval, uint32_t window, bool scanning) {
  if (window < SHORTEST_WINDOW || window > interval || interval > LONGEST_INTERVAL) return INVALID_PARAMETER;
  return scanning ? INVALID_STATE : SUCCESS;
}

uint32_t refused_address(uint32_t type, uint32_t first, bool busy) {
  if (type != PUBLIC && (type != RANDOM_STATIC || first >> 6 != 3)) return INVALID_ADDRESS;
  return busy ? INVALID_STATE : SUCCESS;
}
