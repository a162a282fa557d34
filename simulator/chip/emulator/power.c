// Resets and the watchdog (product specification, chapters 17 and 37).
#include "chip.h"
#include <string.h>

enum { LOW_FREQUENCY = 32768, RELOAD_REGISTERS = 8, WDT_WORDS = PAGE_BYTES / 4 };
// From the event to the reset, in ticks.
enum { TICKS_TO_RESET = 2 };

// ---- Watchdog.

static uint64_t watchdog_cycles(uint64_t ticks) {
  return ticks * CYCLES_PER_SECOND / LOW_FREQUENCY;
}

static void watchdog_bites(void) {
  chip.reset_request = DOG;
  core_attend();
}

static void watchdog_timeout(void) {
  alarm_at(ALARM_WATCHDOG, chip.now + watchdog_cycles(TICKS_TO_RESET), watchdog_bites);
  peripheral_event(WDT_TIMEOUT);
}

// Counts down from CRV anew, all enabled reload registers having been asked for.
static void watchdog_reload(void) {
  REGISTER(WDT_REQSTATUS) = REGISTER(WDT_RREN);
  alarm_at(ALARM_WATCHDOG, chip.now + watchdog_cycles((uint64_t)REGISTER(WDT_CRV) + 1), watchdog_timeout);
}

// Once it runs, its configuration stays as it is (section 37.1).
bool watchdog_write(uint32_t address, uint32_t value) {
  bool runs = REGISTER(WDT_RUNSTATUS);
  if (address == WDT_START && value && !runs) {
    REGISTER(WDT_RUNSTATUS) = 1;
    watchdog_reload();
  } else if (runs && address >= WDT_RR && address < WDT_RR_END) {
    if (value == WDT_RELOAD) REGISTER(WDT_REQSTATUS) &= ~(1u << (address - WDT_RR) / 4);
    if (!(REGISTER(WDT_REQSTATUS) & REGISTER(WDT_RREN))) watchdog_reload();
  } else return address == WDT_START || (runs && (address == WDT_CRV || address == WDT_RREN || address == WDT_CONFIG));
  return true;
}

// It pauses while the processor sleeps, unless it is to go on.
void watchdog_slept(uint64_t cycles) {
  if (!(REGISTER(WDT_CONFIG) & WDT_CONFIG_SLEEP)) alarm_delay(ALARM_WATCHDOG, cycles);
}

// ---- Resets (table 17.6): RAM stays, and so do GPREGRET and the causes; a soft reset leaves the watchdog running.

static void start_anew(bool with_watchdog) {
  uint32_t watchdog[WDT_WORDS];
  memcpy(watchdog, &REGISTER(WDT_START), sizeof watchdog);
  uint32_t causes = REGISTER(POWER_RESETREAS), retained = REGISTER(POWER_GPREGRET);
  if (REGISTER(NVMC_CONFIG) == NVMC_CONFIG_WEN) core_protect_flash(false);
  alarms_clear(with_watchdog);
  peripherals_reset();
  gpio_reset();
  exceptions_reset();
  softdevice_reset();
  calls_reset();
  REGISTER(POWER_RESETREAS) = causes;
  REGISTER(POWER_GPREGRET) = retained;
  if (!with_watchdog) memcpy(&REGISTER(WDT_START), watchdog, sizeof watchdog);
  chip.reset_request = -1;
  core_reset_processor();
  core_attend();
}

void chip_reset(int cause) {
  report_begin("reset");
  report_text("cause", cause == DOG ? "watchdog" : cause == SREQ ? "soft" : "pin");
  report_end();
  start_anew(cause != SREQ);
  REGISTER(POWER_RESETREAS) |= (uint32_t)cause;
}

// What RAM holds after power has been away is chance.
void chip_power_on(void) {
  for (uint32_t i = 0; i < RAM_BYTES; i++) chip.ram[i] = (uint8_t)random_next();
  start_anew(true);
  REGISTER(POWER_RESETREAS) = REGISTER(POWER_GPREGRET) = 0;
}
