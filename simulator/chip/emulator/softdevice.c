// Level A: the SoftDevice's calls, answered as S132 answers them, for the application alone.
#include "chip.h"
#include "s132.h"
#include <string.h>

enum { EVENTS = 64, EVENT_BYTES = 128, SYSTEM_EVENTS = 16 };
// As many reports wait in S132 for the application, measured at level B; more are lost.
enum { MOST_REPORTS = 2 };
enum { EVENT_PRIORITY = 6 };
// Microseconds until a flash operation begins, for a page and for a word.
enum { FLASH_DELAY = 300, ERASE_TIME = 85000, WORD_TIME = 41 };
enum { EVENT_ADVERTISEMENT = 0x1D, EVENT_TIMEOUT = 0x1B, TIMEOUT_ADVERTISING = 0, TIMEOUT_SCAN = 2 };
enum { FLAGS = 0x01, LIMITED = 0x01, FORBIDDEN = 0x0F };
// Quarters of a degree.
enum { TEMPERATURE = 80 };
// Of a neighbour's packets, in percent; the rest is lost on air.
enum { RECEPTION = 97 };
#define UNIT_CYCLES (625 * CYCLES_PER_MICROSECOND)

static bool is_enabled;
static struct {
  uint8_t bytes[EVENT_BYTES];
  uint32_t length;
} events[EVENTS];
static uint32_t first_event, event_count, report_count;
static uint32_t system_events[SYSTEM_EVENTS], system_event_count;
static struct {
  uint64_t since;
  uint32_t interval;
  uint32_t window;
} scan, advertising;
static bool is_limited;
static int flash_failures;

// ---- Events for the application.

void softdevice_queue(const uint8_t *event, uint32_t length) {
  if (event_count == EVENTS) return;
  uint32_t at = (first_event + event_count++) % EVENTS;
  memcpy(events[at].bytes, event, length);
  events[at].length = length;
  events[at].bytes[EVENT_LENGTH] = (uint8_t)(length - EVENT_HEADER);
  interrupt_request(SOFTDEVICE_EVENT_INTERRUPT);
}

static void queue_system_event(uint32_t event) {
  if (system_event_count == SYSTEM_EVENTS) return;
  system_events[system_event_count++] = event;
  interrupt_request(SOFTDEVICE_EVENT_INTERRUPT);
}

static uint32_t take_system_event(uint32_t to) {
  if (!system_event_count) return NOT_FOUND;
  memory_set(to, system_events[0], 4);
  memmove(system_events, system_events + 1, --system_event_count * sizeof system_events[0]);
  return SUCCESS;
}

static uint32_t take_event(uint32_t to, uint32_t length) {
  if (!event_count) return NOT_FOUND;
  uint32_t needed = events[first_event].length, given = memory_half(length);
  memory_set(length, needed, 2);
  if (!to) return SUCCESS;
  if (given < needed) return DATA_SIZE;
  memory_write(to, events[first_event].bytes, needed);
  if (events[first_event].bytes[0] == EVENT_ADVERTISEMENT) report_count--;
  first_event = (first_event + 1) % EVENTS;
  event_count--;
  return SUCCESS;
}

static void queue_timeout(uint8_t source) {
  uint8_t event[12] = {EVENT_TIMEOUT};
  event[EVENT_BODY] = source;
  softdevice_queue(event, sizeof event);
}

// ---- Advertising and scanning.

// Adds to the ledger what advertising and scanning under way have used since they were last looked at.
void softdevice_account(void) {
  if (radio_use.advertising) {
    enum { MEAN_DELAY_MICROSECONDS = 5000 };
    uint64_t period = advertising.interval * UNIT_CYCLES + MEAN_DELAY_MICROSECONDS * CYCLES_PER_MICROSECOND;
    uint64_t sent = (chip.now - advertising.since) / period;
    chip.ledger.advertising_events += sent;
    advertising.since += sent * period;
  }
  if (radio_use.scanning) {
    chip.ledger.scanning += (chip.now - scan.since) * scan.window / scan.interval;
    scan.since = chip.now;
  }
}

static void stop_advertising(void) {
  softdevice_account();
  radio_use.advertising = false;
  alarm_cancel(ALARM_ADVERTISING_TIMEOUT);
}

static void stop_scan(void) {
  softdevice_account();
  radio_use.scanning = false;
  air_deafen();
  alarm_cancel(ALARM_SCAN_TIMEOUT);
}

static void advertising_timeout(void) {
  stop_advertising();
  queue_timeout(TIMEOUT_ADVERTISING);
}

static void scan_timeout(void) {
  stop_scan();
  queue_timeout(TIMEOUT_SCAN);
}

static void set_timeout(enum alarm alarm, uint32_t seconds, void (*ring)(void)) {
  if (seconds) alarm_at(alarm, chip.now + seconds * CYCLES_PER_SECOND, ring);
}

static uint32_t set_data(const uint32_t a[4]) {
  uint8_t data[32], response[32];
  if ((!a[0] && a[1]) || (!a[2] && a[3]) || (!a[0] && !a[2])) return INVALID_PARAMETER;
  if (a[1] > sizeof data - 1 || a[3] > sizeof response - 1) return INVALID_LENGTH;
  if (a[0]) memory_read(a[0], data, a[1]);
  if (a[2]) memory_read(a[2], response, a[3]);
  uint32_t refusal = refused_advertising_data(data, a[1], false);
  if (!refusal) refusal = refused_advertising_data(response, a[3], true);
  if (refusal == (uint32_t)HANGS) core_fault("the SoftDevice never returns from such advertising data");
  if (!refusal) is_limited = a[1] >= 3 && data[1] == FLAGS && (data[2] & LIMITED);
  return refusal;
}

static uint32_t start_advertising(uint32_t parameters) {
  uint32_t type = memory_byte(parameters + ADVERTISING_TYPE);
  uint32_t interval = memory_half(parameters + ADVERTISING_INTERVAL);
  uint32_t timeout = memory_half(parameters + ADVERTISING_TIMEOUT);
  uint32_t refusal = refused_advertising(type, interval, timeout, is_limited, radio_use.advertising);
  if (refusal) return refusal;
  if (type == CONNECTABLE && radio_use.connected) return INVALID_STATE;
  advertising.since = chip.now;
  advertising.interval = interval;
  radio_use.connectable = type == CONNECTABLE;
  set_timeout(ALARM_ADVERTISING_TIMEOUT, timeout, advertising_timeout);
  return SUCCESS;
}

// Whether the receiver is on: the window lies at the start of the interval.
static bool is_in_window(void) {
  return (chip.now - scan.since) % (scan.interval * UNIT_CYCLES) < scan.window * UNIT_CYCLES;
}

// ble_gap_evt_adv_report_t: the peer's address, RSSI, and the length and kind of the data that follow.
static void report_advertisement(const struct packet *packet) {
  enum { PEER = 8, RANDOM_STATIC = 1 << 1, RSSI = 22, KIND = 23, DATA = 24 };
  if (!is_in_window() || (packet->neighbour >= 0 && random_below(100) >= RECEPTION)) return;
  if (air_is_traced) {
    report_begin("received");
    report_integer("neighbour", packet->neighbour);
    report_boolean("lost", report_count == MOST_REPORTS);
    report_end();
  }
  if (report_count == MOST_REPORTS) return;
  report_count++;
  uint8_t event[56] = {EVENT_ADVERTISEMENT};
  event[PEER] = RANDOM_STATIC;
  for (int i = 0; i < 6; i++) event[PEER + 1 + i] = packet->address[5 - i];
  event[RSSI] = (uint8_t)packet->rssi;
  uint8_t kind = packet->pdu_type == ADV_NONCONN_IND ? NON_CONNECTABLE : CONNECTABLE;
  event[KIND] = (uint8_t)(kind << 1 | packet->length << 3);
  memcpy(event + DATA, packet->data, packet->length);
  softdevice_queue(event, sizeof event);
}

static uint32_t start_scan(uint32_t parameters) {
  enum { ANY_CHANNEL = 37 };
  uint32_t interval = memory_half(parameters + SCAN_INTERVAL), window = memory_half(parameters + SCAN_WINDOW);
  uint32_t refusal = refused_scan(interval, window, radio_use.scanning);
  if (refusal) return refusal;
  scan.since = chip.now;
  scan.interval = interval;
  scan.window = window;
  air_listen(ANY_CHANNEL, report_advertisement);
  set_timeout(ALARM_SCAN_TIMEOUT, memory_half(parameters + SCAN_TIMEOUT), scan_timeout);
  return SUCCESS;
}

static uint32_t set_address(uint32_t address) {
  enum { LAST_BYTE = 6 };
  bool busy = radio_use.advertising || radio_use.scanning || radio_use.connected;
  return refused_address(memory_byte(address) >> 1, memory_byte(address + LAST_BYTE), busy);
}

// ---- Flash: an operation begins soon, halts the processor, and ends with an event.

static struct {
  bool is_pending;
  bool is_erase;
  uint32_t address;
  uint32_t words;
  uint8_t bytes[PAGE_BYTES];
} flash;

void softdevice_fail_flash(int times) {
  flash_failures = times;
}

static void finish_flash(void) {
  uint32_t length = 4 * flash.words;
  flash.is_pending = false;
  if (flash_failures > 0) {
    flash_failures--;
    queue_system_event(EVENT_FLASH_ERROR);
    return;
  }
  if (flash.is_erase) {
    memset(chip.flash + flash.address, 0xFF, PAGE_BYTES);
    core_halt(ERASE_TIME, &chip.ledger.erasing);
  } else {
    for (uint32_t i = 0; i < length; i++) chip.flash[flash.address + i] &= flash.bytes[i];
    core_halt((uint64_t)WORD_TIME * flash.words, &chip.ledger.writing);
  }
  if (is_enabled) queue_system_event(EVENT_FLASH_SUCCESS);
}

static uint32_t start_flash(uint32_t address, bool is_erase, uint32_t source, uint32_t words) {
  if (flash.is_pending) return BUSY;
  if ((address | source) & 3 || address >= FLASH_BYTES) return INVALID_POINTER;
  if (address < APPLICATION_BASE) return FORBIDDEN;
  if (words > PAGE_BYTES / 4) return INVALID_LENGTH;
  flash.is_pending = true;
  flash.is_erase = is_erase;
  flash.address = address;
  flash.words = words;
  if (!is_erase) memory_read(source, flash.bytes, 4 * words);
  if (is_enabled) alarm_after(ALARM_FLASH, FLASH_DELAY, finish_flash);
  else finish_flash();
  return SUCCESS;
}

// ---- The calls.

void softdevice_reset(void) {
  is_enabled = is_limited = false;
  event_count = report_count = system_event_count = 0;
  attributes_reset();
  flash.is_pending = false;
  air_deafen();
  link_reset();
}

static uint32_t enable(bool enables) {
  softdevice_account();
  for (enum alarm alarm = ALARM_FLASH; alarm <= ALARM_SCAN_TIMEOUT; alarm++) alarm_cancel(alarm);
  softdevice_reset();
  is_enabled = enables;
  if (!enables) return SUCCESS;
  interrupt_set_priority(SOFTDEVICE_EVENT_INTERRUPT, EVENT_PRIORITY);
  // It counts its time with RTC0, which Espruino reads.
  peripheral_write(RTC0 + 0x008, 1);
  peripheral_write(RTC0 + 0x000, 1);
  return SUCCESS;
}

static void give_random(uint32_t to, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) memory_set(to + i, random_next(), 1);
}

static void encrypt(uint32_t data) {
  uint8_t key_and_text[32], cipher[16];
  memory_read(data, key_and_text, sizeof key_and_text);
  encrypt_block(key_and_text, key_and_text + 16, cipher);
  memory_write(data + 32, cipher, sizeof cipher);
}

static void give_address(uint32_t to) {
  static const uint8_t RANDOM_STATIC[] = {1 << 1, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6};
  memory_write(to, RANDOM_STATIC, sizeof RANDOM_STATIC);
}

// What is not here is taken without effect.
uint32_t softdevice_answer(int number, const uint32_t a[4]) {
  switch (number) {
    case sd_softdevice_enable: return enable(true);
    case sd_softdevice_disable: return enable(false);
    case sd_softdevice_is_enabled: memory_set(a[0], is_enabled, 1); return SUCCESS;
    case sd_app_evt_wait: core_sleep(); return SUCCESS;
    case sd_evt_get: return take_system_event(a[0]);
    case sd_ble_evt_get: return take_event(a[0], a[1]);
    case sd_flash_page_erase: return start_flash(a[0] * PAGE_BYTES, true, 0, 0);
    case sd_flash_write: return start_flash(a[0], false, a[1], a[2]);
    case sd_rand_application_bytes_available_get: memory_set(a[0], 64, 1); return SUCCESS;
    case sd_rand_application_vector_get: give_random(a[0], a[1]); return SUCCESS;
    case sd_power_gpregret_set: REGISTER(POWER_GPREGRET) |= a[1] & 0xFF; return SUCCESS;
    case sd_power_gpregret_clr: REGISTER(POWER_GPREGRET) &= ~a[1]; return SUCCESS;
    case sd_power_gpregret_get: memory_set(a[1], REGISTER(POWER_GPREGRET), 4); return SUCCESS;
    case sd_power_dcdc_mode_set: REGISTER(POWER_DCDCEN) = a[0] & 1; return SUCCESS;
    case sd_power_reset_reason_get: memory_set(a[0], REGISTER(POWER_RESETREAS), 4); return SUCCESS;
    case sd_power_reset_reason_clr: REGISTER(POWER_RESETREAS) &= ~a[0]; return SUCCESS;
    case sd_temp_get: memory_set(a[0], TEMPERATURE, 4); return SUCCESS;
    case sd_clock_hfclk_is_running: memory_set(a[0], 1, 4); return SUCCESS;
    case sd_ecb_block_encrypt: encrypt(a[0]); return SUCCESS;
    case sd_ble_uuid_vs_add: return add_uuid(a[0], a[1]);
    case sd_ble_uuid_decode: return decode_uuid(a[0], a[1], a[2]);
    case sd_ble_uuid_encode: return encode_uuid(a[0], a[1], a[2]);
    case sd_ble_gatts_service_add: return add_service(a[2]);
    case sd_ble_gatts_characteristic_add: return add_characteristic(a[1], a[2], a[3]);
    case sd_ble_gatts_descriptor_add: return add_descriptor(a[2]);
    case sd_ble_gatts_initial_user_handle_get: return first_user_handle(a[0]);
    case sd_ble_gatts_sys_attr_get: return NOT_FOUND;
    case sd_ble_gatts_attr_get: return get_attribute(a[0], a[1]);
    case sd_ble_gatts_hvx: return link_notify(a[1]);
    case sd_ble_gap_addr_get: give_address(a[0]); return SUCCESS;
    case sd_ble_gap_addr_set: return set_address(a[0]);
    case sd_ble_gap_adv_data_set: return set_data(a);
    case sd_ble_gap_adv_start: return start_advertising(a[0]);
    case sd_ble_gap_adv_stop:
      if (!radio_use.advertising) return INVALID_STATE;
      stop_advertising();
      return SUCCESS;
    case sd_ble_gap_scan_start: return start_scan(a[0]);
    case sd_ble_gap_scan_stop:
      if (!radio_use.scanning) return INVALID_STATE;
      stop_scan();
      return SUCCESS;
    case sd_ble_gap_disconnect: return link_hang_up();
    default: return SUCCESS;
  }
}

void softdevice_connected(void) {
  stop_advertising();
}
