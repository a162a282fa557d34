// Level A: vendors' UUIDs and the attribute table (S132's ble.h and ble_gatts.h).
#include "chip.h"
#include "s132.h"
#include <string.h>

enum { UUIDS = 10, UUID_BYTES = 16, ATTRIBUTES = 256 };
enum { FIRST_HANDLE = 0x10, PRIMARY_SERVICE = 0x2800, CHARACTERISTIC = 0x2803, SUBSCRIPTION = 0x2902 };
enum { UUID_TYPE_BLE = 1, UUID_TYPE_VENDOR = 2 };

static uint8_t uuids[UUIDS][UUID_BYTES];
static uint32_t uuid_count, next_handle;
static struct {
  uint16_t uuid;
  uint8_t type;
} attributes[ATTRIBUTES];

void attributes_reset(void) {
  uuid_count = 0;
  next_handle = FIRST_HANDLE;
}

// The number of a vendor's UUID, whose bytes 12 and 13 are not its own; uuid_count without.
static uint32_t find_uuid(const uint8_t *uuid) {
  for (uint32_t i = 0; i < uuid_count; i++)
    if (memcmp(uuids[i], uuid, 12) == 0 && memcmp(uuids[i] + 14, uuid + 14, 2) == 0) return i;
  return uuid_count;
}

uint32_t add_uuid(uint32_t from, uint32_t type) {
  uint8_t uuid[UUID_BYTES];
  memory_read(from, uuid, sizeof uuid);
  uint32_t found = find_uuid(uuid);
  if (found == UUIDS) return NO_MEMORY;
  memcpy(uuids[found], uuid, sizeof uuid);
  if (found == uuid_count) uuid_count++;
  memory_set(type, UUID_TYPE_VENDOR + found, 1);
  return SUCCESS;
}

uint32_t decode_uuid(uint32_t length, uint32_t from, uint32_t to) {
  uint8_t uuid[UUID_BYTES];
  uint32_t at = length == 2 ? 0 : 12, found = 0;
  memory_read(from, uuid, length);
  if (length != 2 && (found = find_uuid(uuid)) == uuid_count) return NOT_FOUND;
  memory_set(to, uuid[at] | (uint32_t)uuid[at + 1] << 8, 2);
  memory_set(to + 2, length == 2 ? UUID_TYPE_BLE : UUID_TYPE_VENDOR + found, 1);
  return SUCCESS;
}

uint32_t encode_uuid(uint32_t from, uint32_t length, uint32_t to) {
  uint32_t type = memory_byte(from + 2), number = memory_half(from);
  if (type < UUID_TYPE_BLE || type >= UUID_TYPE_VENDOR + uuid_count) return INVALID_PARAMETER;
  memory_set(length, type == UUID_TYPE_BLE ? 2 : UUID_BYTES, 1);
  if (!to) return SUCCESS;
  if (type == UUID_TYPE_BLE) {
    memory_set(to, number, 2);
    return SUCCESS;
  }
  memory_write(to, uuids[type - UUID_TYPE_VENDOR], UUID_BYTES);
  memory_set(to + 12, number, 2);
  return SUCCESS;
}

static uint32_t add_attribute(uint16_t uuid, uint8_t type) {
  if (next_handle == ATTRIBUTES) {
    core_fault("more attributes than this table holds");
    return 0;
  }
  attributes[next_handle].uuid = uuid;
  attributes[next_handle].type = type;
  return next_handle++;
}

uint32_t add_service(uint32_t handle) {
  memory_set(handle, add_attribute(PRIMARY_SERVICE, UUID_TYPE_BLE), 2);
  return SUCCESS;
}

// ble_gatts_char_handles_t: value, user description, CCCD, SCCD.
uint32_t add_characteristic(uint32_t metadata, uint32_t attribute, uint32_t handles) {
  uint32_t uuid = memory_word(attribute);
  uint8_t type = memory_byte(uuid + 2);
  add_attribute(CHARACTERISTIC, UUID_TYPE_BLE);
  uint16_t found[4] = {(uint16_t)add_attribute(memory_half(uuid), type)};
  found[2] = (uint16_t)add_attribute(SUBSCRIPTION, UUID_TYPE_BLE);
  memory_write(handles, found, sizeof found);
  if (type >= UUID_TYPE_VENDOR) link_add_characteristic(found[0], memory_byte(metadata));
  return SUCCESS;
}

uint32_t get_attribute(uint32_t handle, uint32_t uuid) {
  if (handle < FIRST_HANDLE || handle >= next_handle) return NOT_FOUND;
  if (!uuid) return SUCCESS;
  memory_set(uuid, attributes[handle].uuid, 2);
  memory_set(uuid + 2, attributes[handle].type, 1);
  return SUCCESS;
}

uint32_t add_descriptor(uint32_t handle) {
  memory_set(handle, add_attribute(SUBSCRIPTION, UUID_TYPE_BLE), 2);
  return SUCCESS;
}

// The first handle behind the SoftDevice's own attributes.
uint32_t first_user_handle(uint32_t to) {
  memory_set(to, FIRST_HANDLE, 2);
  return SUCCESS;
}
