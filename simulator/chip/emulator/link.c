// Level A: a connection to a desk. It talks at each connection event, as a central with plain GATT does.
#include "chip.h"
#include "s132.h"
#include <string.h>

enum { VALUE_BYTES = 244, TRANSMIT_BUFFERS = 7, WRITES = 8, NOTIFICATIONS_AT_ONCE = 4 };
// Units of 1.25 ms.
enum { INTERVAL_UNITS = 12 };
enum { CONNECTED = 0x10, DISCONNECTED = 0x11, TRANSMITTED = 0x01, WRITTEN = 0x50, MTU_REQUEST = 0x55 };
enum { PROPERTY_WRITE_COMMAND = 1 << 2, PROPERTY_WRITE = 1 << 3, PROPERTY_NOTIFY = 1 << 4 };
enum { LOCAL_HOST_TERMINATED = 0x16, PERIPHERAL = 1, WRITE_REQUEST = 1 };
#define INTERVAL_CYCLES (INTERVAL_UNITS * 1250 * CYCLES_PER_MICROSECOND)

struct value {
  uint8_t bytes[VALUE_BYTES];
  uint32_t length;
};

static struct value notifications[TRANSMIT_BUFFERS], writes[WRITES];
static uint32_t notification_count, write_count, write_handle, notify_handle;
static bool is_subscribed, is_hanging_up;
static uint64_t connected_at;

void link_reset(void) {
  notification_count = write_count = 0;
  is_subscribed = is_hanging_up = false;
}

// Of the token's service the last characteristics of either kind are the desk's.
void link_add_characteristic(uint32_t handle, uint8_t properties) {
  if (properties & (PROPERTY_WRITE | PROPERTY_WRITE_COMMAND)) write_handle = handle;
  if (properties & PROPERTY_NOTIFY) notify_handle = handle;
}

static void connection_event(void);

static void await_connection_event(void) {
  uint64_t number = (chip.now - connected_at) / INTERVAL_CYCLES + 1;
  alarm_at(ALARM_LINK, connected_at + number * INTERVAL_CYCLES, connection_event);
}

// ble_gatts_evt_write_t.
static void queue_write(uint32_t handle, const uint8_t *bytes, uint32_t length) {
  enum { HANDLE = 6, OPERATION = 12, LENGTH = 16, DATA = 18 };
  uint8_t event[DATA + VALUE_BYTES + 3] = {WRITTEN};
  event[HANDLE] = (uint8_t)handle;
  event[OPERATION] = WRITE_REQUEST;
  event[LENGTH] = (uint8_t)length;
  memcpy(event + DATA, bytes, length);
  softdevice_queue(event, (DATA + length + 3) & ~3u);
}

static void send_notifications(void) {
  uint32_t sent = notification_count < NOTIFICATIONS_AT_ONCE ? notification_count : NOTIFICATIONS_AT_ONCE;
  for (uint32_t i = 0; i < sent; i++) {
    report_begin("notify");
    report_bytes("data", notifications[i].bytes, notifications[i].length);
    report_end();
  }
  notification_count -= sent;
  memmove(notifications, notifications + sent, notification_count * sizeof notifications[0]);
  uint8_t event[12] = {TRANSMITTED};
  event[EVENT_BODY] = (uint8_t)sent;
  if (sent) softdevice_queue(event, sizeof event);
}

// One write request at most, as each waits for its response.
static void connection_event(void) {
  if (is_hanging_up) {
    link_disconnect(LOCAL_HOST_TERMINATED);
    return;
  }
  if (write_count) {
    queue_write(write_handle, writes[0].bytes, writes[0].length);
    memmove(writes, writes + 1, --write_count * sizeof writes[0]);
  }
  send_notifications();
  if (write_count || notification_count) await_connection_event();
}

// A central connects; false when nothing is advertised that can be connected to.
bool link_connect(void) {
  enum { PEER = 8, RANDOM_STATIC = 1 << 1, ROLE = 15, SHORTEST = 16, LONGEST = 18, LENGTH = 52 };
  static const uint8_t ADDRESS[] = {0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6};
  if (!radio_use.advertising || !radio_use.connectable || radio_use.connected) return false;
  uint8_t event[LENGTH] = {CONNECTED};
  event[PEER] = RANDOM_STATIC;
  memcpy(event + PEER + 1, ADDRESS, sizeof ADDRESS);
  event[ROLE] = PERIPHERAL;
  event[SHORTEST] = event[LONGEST] = INTERVAL_UNITS;
  softdevice_connected();
  link_reset();
  radio_use.connected = true;
  connected_at = chip.now;
  softdevice_queue(event, sizeof event);
  return true;
}

void link_exchange_mtu(uint32_t mtu) {
  enum { MTU = 6 };
  uint8_t event[12] = {MTU_REQUEST};
  event[MTU] = (uint8_t)mtu;
  softdevice_queue(event, sizeof event);
}

// Switches notifications on: a write of 1 to the descriptor behind the value.
void link_subscribe(void) {
  static const uint8_t NOTIFY[] = {1, 0};
  is_subscribed = true;
  queue_write(notify_handle + 1, NOTIFY, sizeof NOTIFY);
}

bool link_write(const uint8_t *bytes, uint32_t length) {
  if (!radio_use.connected || write_count == WRITES || length > VALUE_BYTES) return false;
  memcpy(writes[write_count].bytes, bytes, length);
  writes[write_count++].length = length;
  await_connection_event();
  return true;
}

void link_disconnect(uint8_t reason) {
  if (!radio_use.connected) return;
  uint8_t event[12] = {DISCONNECTED};
  event[EVENT_BODY] = reason;
  radio_use.connected = false;
  link_reset();
  alarm_cancel(ALARM_LINK);
  softdevice_queue(event, sizeof event);
  report_begin("disconnected");
  report_integer("reason", reason);
  report_end();
}

// sd_ble_gap_disconnect: the end is agreed on at the next connection event.
uint32_t link_hang_up(void) {
  if (!radio_use.connected) return INVALID_STATE;
  is_hanging_up = true;
  await_connection_event();
  return SUCCESS;
}

// sd_ble_gatts_hvx.
uint32_t link_notify(uint32_t parameters) {
  enum { LENGTH_POINTER = 8, DATA_POINTER = 12 };
  uint32_t pointer = memory_word(parameters + LENGTH_POINTER), length = pointer ? memory_half(pointer) : 0;
  if (!radio_use.connected || !is_subscribed) return INVALID_STATE;
  if (notification_count == TRANSMIT_BUFFERS) return NO_TX_PACKETS;
  if (length > VALUE_BYTES) return DATA_SIZE;
  memory_read(memory_word(parameters + DATA_POINTER), notifications[notification_count].bytes, length);
  notifications[notification_count++].length = length;
  await_connection_event();
  return SUCCESS;
}
