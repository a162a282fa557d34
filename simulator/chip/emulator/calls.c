// What the application asks of the SoftDevice, at both levels: counted, made to fail, and reported.
#include "chip.h"
#include "s132.h"
#include <string.h>

enum { CALLS = 256, BLE_EVENT_TIMEOUT = 0x1B, TIMEOUT_OF_ADVERTISING = 0, TIMEOUT_OF_SCAN = 2 };

struct radio_use radio_use;

static const char *const NAMES[CALLS] = {
#define CALL(number, name) [number] = #name,
    SOFTDEVICE_CALLS(CALL)
#undef CALL
};

static uint32_t counts[CALLS];
static uint32_t arguments[4];
static struct {
  int number;
  uint32_t code;
  int times;
  int after;
} failure;

int call_number(const char *name) {
  for (int i = 0; i < CALLS; i++)
    if (NAMES[i] && strcmp(NAMES[i], name) == 0) return i;
  return -1;
}

// What was asked before a reset is over; counts and failures to come stay.
void calls_reset(void) {
  memset(&radio_use, 0, sizeof radio_use);
}

// Makes calls of one kind fail without being made: `times` of them, after `after` that are made.
void calls_fail_next(int number, uint32_t code, int times, int after) {
  failure.number = number;
  failure.code = code;
  failure.times = times;
  failure.after = after;
}

bool calls_fail(int number, uint32_t *result) {
  if (number != failure.number || failure.times == 0) return false;
  if (failure.after > 0) {
    failure.after--;
    return false;
  }
  failure.times--;
  *result = failure.code;
  return true;
}

void calls_begin(int number, const uint32_t given[4]) {
  counts[number]++;
  memcpy(arguments, given, sizeof arguments);
}

void calls_report(void) {
  for (int i = 0; i < CALLS; i++) {
    if (!counts[i]) continue;
    report_begin("calls");
    report_integer("number", i);
    report_text("name", NAMES[i] ? NAMES[i] : "unknown");
    report_integer("count", counts[i]);
    report_end();
  }
}

static void report_memory(const char *name, uint32_t address, uint32_t length) {
  uint8_t bytes[256];
  if (length > sizeof bytes) length = sizeof bytes;
  if (length) memory_read(address, bytes, length);
  report_bytes(name, bytes, length);
}

static void report_advertising(uint32_t parameters) {
  report_integer("type", memory_byte(parameters));
  report_integer("interval", memory_half(parameters + ADVERTISING_INTERVAL));
  report_integer("timeout", memory_half(parameters + ADVERTISING_TIMEOUT));
}

static void report_scan(uint32_t parameters) {
  report_integer("interval", memory_half(parameters + SCAN_INTERVAL));
  report_integer("window", memory_half(parameters + SCAN_WINDOW));
  report_integer("timeout", memory_half(parameters + SCAN_TIMEOUT));
}

static void report_address(uint32_t address) {
  uint8_t bytes[7], written[6];
  memory_read(address, bytes, sizeof bytes);
  for (int i = 0; i < 6; i++) written[i] = bytes[6 - i];
  report_integer("type", bytes[0] >> 1);
  report_bytes("address", written, sizeof written);
}

// What the call is about, as the event's fields; the event's name.
static const char *event_of(int number) {
  switch (number) {
    case sd_ble_gap_addr_set: return "address";
    case sd_ble_gap_adv_data_set: return "data";
    case sd_ble_gap_adv_start: return "advertise";
    case sd_ble_gap_adv_stop: return "advertise-stop";
    case sd_ble_gap_scan_start: return "scan";
    case sd_ble_gap_scan_stop: return "scan-stop";
    case sd_ble_gap_disconnect: return "hang-up";
    case sd_ble_gap_tx_power_set: return "power";
    case sd_softdevice_enable: return "softdevice-on";
    case sd_softdevice_disable: return "softdevice-off";
    case sd_flash_page_erase: return "erase";
    case sd_flash_write: return "write";
    default: return NULL;
  }
}

static void report_arguments(int number) {
  switch (number) {
    case sd_ble_gap_addr_set: report_address(arguments[0]); break;
    case sd_ble_gap_adv_data_set:
      report_memory("data", arguments[0], arguments[1]);
      report_memory("response", arguments[2], arguments[3]);
      break;
    case sd_ble_gap_adv_start: report_advertising(arguments[0]); break;
    case sd_ble_gap_scan_start: report_scan(arguments[0]); break;
    case sd_ble_gap_tx_power_set: report_integer("power", (int8_t)arguments[0]); break;
    case sd_flash_page_erase: report_integer("page", arguments[0]); break;
    case sd_flash_write:
      report_integer("at", arguments[0]);
      report_integer("words", arguments[2]);
      break;
    default: break;
  }
}

// Keeps what the radio is used for.
static void note(int number) {
  switch (number) {
    case sd_ble_gap_adv_start: radio_use.advertising = true; break;
    case sd_ble_gap_adv_stop: radio_use.advertising = false; break;
    case sd_ble_gap_scan_start: radio_use.scanning = true; break;
    case sd_ble_gap_scan_stop: radio_use.scanning = false; break;
    case sd_softdevice_enable:
    case sd_softdevice_disable: calls_reset(); break;
    case sd_ble_evt_get:
      if (!arguments[0] || memory_half(arguments[0]) != BLE_EVENT_TIMEOUT) break;
      if (memory_byte(arguments[0] + EVENT_BODY) == TIMEOUT_OF_ADVERTISING) radio_use.advertising = false;
      if (memory_byte(arguments[0] + EVENT_BODY) == TIMEOUT_OF_SCAN) radio_use.scanning = false;
      break;
    default: break;
  }
}

// Tells of a call that has returned.
void calls_returned(int number, uint32_t result) {
  if (result == SUCCESS) note(number);
  const char *event = event_of(number);
  if (!event) return;
  report_begin(event);
  report_arguments(number);
  report_integer("result", result);
  report_end();
}
