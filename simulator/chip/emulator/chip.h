// An nRF52832 as far as Espruino and S132 need it: what the parts share.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>
#include "nrf52832.h"

// Virtual time is counted in cycles of the 64 MHz clock.
#define CYCLES_PER_SECOND 64000000ULL
#define CYCLES_PER_MILLISECOND 64000ULL
#define CYCLES_PER_MICROSECOND 64ULL
#define NEVER UINT64_MAX

// What happens later, each at most once at a time.
enum alarm {
  ALARM_RTC0,
  ALARM_RTC1,
  ALARM_RTC2,
  ALARM_TIMER0,
  ALARM_TIMER1,
  ALARM_TIMER2,
  ALARM_SYSTICK,
  ALARM_CLOCK_HIGH,
  ALARM_CLOCK_LOW,
  ALARM_CLOCK_CALIBRATION,
  ALARM_CLOCK_CALIBRATION_TIMER,
  ALARM_RANDOM,
  ALARM_TEMPERATURE,
  ALARM_CIPHER,
  ALARM_WATCHDOG,
  ALARM_RADIO_READY,
  ALARM_RADIO_ADDRESS,
  ALARM_RADIO_END,
  ALARM_RADIO_DISABLED,
  ALARM_AIR,
  ALARM_FLASH,
  ALARM_LINK,
  ALARM_ADVERTISING_TIMEOUT,
  ALARM_SCAN_TIMEOUT,
  ALARMS,
};

enum { RADIO_CHANNELS = 40 };

// How long what draws current was on, in cycles.
struct ledger {
  uint64_t active;
  uint64_t asleep;
  uint64_t erasing;
  uint64_t writing;
  uint64_t receiving;
  uint64_t transmitting[RADIO_CHANNELS];
  // Level A: what was asked for.
  uint64_t scanning;
  uint64_t advertising_events;
};

struct chip {
  uc_engine *engine;
  // Level B, with the real SoftDevice; level A without.
  bool has_softdevice;
  uint8_t flash[FLASH_BYTES];
  uint8_t ram[RAM_BYTES];
  uint32_t registers[PERIPHERALS_BYTES / 4];
  uint64_t now;
  // When the run loop is wanted next; 0 at once.
  uint64_t deadline;
  bool sleeping;
  // The event register of WFE.
  bool event;
  char fault[200];
  // A cause (RESETREAS) of a reset to come; -1 without.
  int reset_request;
  // The lowest stack pointer since it was last reset, in thread mode and in all.
  uint32_t lowest_in_thread;
  uint32_t lowest;
  uint32_t stack_top;
  // Where the variables of the application end: a stack below is an overflow.
  uint32_t stack_limit;
  uint32_t application_ram;
  // The most variables of the interpreter in use since that was last reset, at calls of the SoftDevice and before a sleep.
  uint32_t most_variables;
  uint32_t most_at_rest;
  // The longest time without sleep since that was last reset, and since when the processor has been awake.
  uint64_t longest_awake;
  uint64_t awake_since;
  // The processor loops for ever with its interrupts masked, as after a HardFault.
  bool hung;
  struct ledger ledger;
};
extern struct chip chip;

#define REGISTER(address) chip.registers[((uint32_t)(address) % PERIPHERALS_BYTES) / 4]

// core.c
void core_start(const char *image_path, bool has_softdevice);
void core_run(uint64_t cycles);
void core_reset_processor(void);
void core_sleep(void);
void core_halt(uint64_t microseconds, uint64_t *account);
void core_attend(void);
void core_forget_extremes(void);
void core_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void core_protect_flash(bool is_writable);
uint32_t core_register(int id);
void core_set_register(int id, uint32_t value);
uint32_t memory_word(uint32_t address);
uint16_t memory_half(uint32_t address);
uint8_t memory_byte(uint32_t address);
void memory_read(uint32_t address, void *bytes, uint32_t length);
void memory_write(uint32_t address, const void *bytes, uint32_t length);
void memory_set(uint32_t address, uint32_t value, uint32_t bytes);

// variables.c
void variables_watch(uint32_t address, uint32_t count, uint32_t first_empty);
void variables_reset(void);
void variables_look(bool at_rest);

// alarms.c
void alarms_ring(uint64_t target);
void alarm_at(enum alarm alarm, uint64_t time, void (*ring)(void));
void alarm_after(enum alarm alarm, double microseconds, void (*ring)(void));
void alarm_cancel(enum alarm alarm);
void alarm_delay(enum alarm alarm, uint64_t cycles);
void alarms_clear(bool with_watchdog);

// call-in-place.c
uint32_t call_in_place(uint32_t number, const uint32_t arguments[4]);

// random.c
void random_seed(uint64_t seed);
uint32_t random_next(void);
uint32_t random_below(uint32_t limit);

// exceptions.c
void exceptions_reset(void);
void exceptions_map(void);
void interrupt_request(int interrupt);
void interrupt_set_priority(int interrupt, int priority);
bool exceptions_pending(void);
bool exceptions_deliver(void);
void exception_enter(int number);
void exception_leave(void);
bool is_exception_return(uint32_t address);
bool in_exception(void);
struct handler_mode {
  int active[32];
  int count;
};
struct handler_mode exceptions_suspend(void);
void exceptions_resume(const struct handler_mode *saved);

// peripherals.c
void peripherals_map(void);
void peripherals_reset(void);
void peripheral_write(uint32_t address, uint32_t value);
void peripheral_event(uint32_t address);
bool ppi_uses(uint32_t event);
bool interrupts_write(uint32_t address, uint32_t value);
void set_battery(uint32_t millivolts);

// clocks.c
bool clock_write(uint32_t address);
bool counter_write(uint32_t address, uint32_t value);
bool counter_read(uint32_t address, uint32_t *value);
void counters_reset(void);
void timers_rearm(void);

// cipher.c
void encrypt_block(const uint8_t key[16], const uint8_t text[16], uint8_t cipher[16]);

// gpio.c
void gpio_map(void);
void gpio_reset(void);
void gpio_set_input(int pin, bool level);
void gpio_set_lights(int red, int green, int blue);

// power.c
void chip_reset(int cause);
void chip_power_on(void);
bool watchdog_write(uint32_t address, uint32_t value);
void watchdog_slept(uint64_t cycles);

// radio.c
bool radio_write(uint32_t address, uint32_t value);
void radio_reset(void);

// air.c
struct packet {
  uint8_t pdu_type;
  uint8_t address[6];
  int8_t rssi;
  uint8_t data[31];
  uint8_t length;
  // Which neighbour sent it; -1 for a packet of the driver's.
  int neighbour;
};
enum { ADV_IND = 0, ADV_NONCONN_IND = 2 };
void air_set_neighbours(int count, int rssi);
bool air_inject(uint64_t delay, const struct packet *packet);
void air_listen(int channel, void (*receive)(const struct packet *packet));
void air_deafen(void);
extern bool air_is_traced;

// attributes.c: level A
void attributes_reset(void);
uint32_t add_uuid(uint32_t from, uint32_t type);
uint32_t decode_uuid(uint32_t length, uint32_t from, uint32_t to);
uint32_t encode_uuid(uint32_t from, uint32_t length, uint32_t to);
uint32_t add_service(uint32_t handle);
uint32_t add_characteristic(uint32_t metadata, uint32_t attribute, uint32_t handles);
uint32_t add_descriptor(uint32_t handle);
uint32_t get_attribute(uint32_t handle, uint32_t uuid);
uint32_t first_user_handle(uint32_t to);

// softdevice.c, link.c, rules.c: level A
uint32_t softdevice_answer(int number, const uint32_t arguments[4]);
void softdevice_reset(void);
void softdevice_fail_flash(int times);
void softdevice_queue(const uint8_t *event, uint32_t length);
void softdevice_account(void);
void softdevice_connected(void);
uint32_t refused_advertising_data(const uint8_t *bytes, uint32_t length, bool is_scan_response);
uint32_t refused_advertising(uint32_t type, uint32_t interval, uint32_t timeout, bool limited, bool advertising);
uint32_t refused_scan(uint32_t interval, uint32_t window, bool scanning);
uint32_t refused_address(uint32_t type, uint32_t first, bool busy);
void link_reset(void);
bool link_connect(void);
uint32_t link_hang_up(void);
void link_exchange_mtu(uint32_t mtu);
void link_subscribe(void);
bool link_write(const uint8_t *bytes, uint32_t length);
void link_disconnect(uint8_t reason);
uint32_t link_notify(uint32_t parameters);
void link_add_characteristic(uint32_t handle, uint8_t properties);

// calls.c: what the application asks of the SoftDevice, at both levels
struct radio_use {
  bool advertising;
  bool connectable;
  bool scanning;
  bool connected;
};
extern struct radio_use radio_use;
bool calls_fail(int number, uint32_t *result);
void calls_begin(int number, const uint32_t arguments[4]);
void calls_returned(int number, uint32_t result);
void calls_fail_next(int number, uint32_t code, int times, int after);
void calls_reset(void);
void calls_report(void);
int call_number(const char *name);

// report.c: lines of JSON
void report_begin(const char *event);
void report_number(const char *name, double value);
void report_integer(const char *name, long long value);
void report_boolean(const char *name, bool value);
void report_text(const char *name, const char *value);
void report_bytes(const char *name, const uint8_t *bytes, uint32_t length);
void report_end(void);
void report_stop_at(const char *event);
bool report_has_stopped(void);
