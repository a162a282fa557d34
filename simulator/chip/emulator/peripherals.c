// The peripherals' registers, events and interconnection (product specification, chapters 15 and 20), and the small ones.
#include "chip.h"
#include <string.h>

enum { GROUPS = 6, CHANNELS = 20, FIXED_CHANNELS = 12 };
// How long things take, in microseconds (sections 19, 25, 26, 36 and 11).
enum { RANDOM_TIME = 120, TEMPERATURE_TIME = 36, CIPHER_TIME = 7, ERASE_TIME = 85000, WORD_TIME = 41 };
// Quarters of a degree.
enum { TEMPERATURE = 80 };
// The battery against 0.6 V behind a gain of 1/6.
enum { FULL_SCALE_MILLIVOLTS = 3600 };

static uint32_t channels, millivolts = 3000;
static struct {
  uint32_t event;
  uint32_t task;
} channel_ends[CHANNELS];
static uint32_t forks[CHANNELS + FIXED_CHANNELS];

// The channels that are fixed (table 20.1).
static const struct {
  uint32_t event;
  uint32_t task;
} FIXED[FIXED_CHANNELS] = {
    {TIMER0 + 0x140, RADIO_TXEN},          {TIMER0 + 0x140, RADIO_RXEN},       {TIMER0 + 0x144, RADIO_DISABLE},
    {RADIO_READY + 0x28, 0x4000F000},      {RADIO_READY, 0x4000F000},          {RADIO_ADDRESS, 0x4000F004},
    {RADIO_ADDRESS, TIMER0 + 0x044},       {RADIO_END, TIMER0 + 0x048},        {RTC0 + 0x140, RADIO_TXEN},
    {RTC0 + 0x140, RADIO_RXEN},            {RTC0 + 0x140, TIMER0 + 0x00C},     {RTC0 + 0x140, TIMER0 + 0x000},
};

// An event: its register, its interrupt when that is enabled, and the tasks that are connected to it.
void peripheral_event(uint32_t address) {
  REGISTER(address) = 1;
  uint32_t base = address & ~0xFFFu;
  if (REGISTER(base | INTENSET) >> (address - base - FIRST_EVENT) / 4 & 1) interrupt_request((int)(base >> 12 & 0x3F));
  for (int i = 0; i < CHANNELS; i++) {
    if (!(channels >> i & 1) || channel_ends[i].event != address) continue;
    if (channel_ends[i].task) peripheral_write(channel_ends[i].task, 1);
    if (forks[i]) peripheral_write(forks[i], 1);
  }
  for (int i = 0; i < FIXED_CHANNELS; i++) {
    if (!(channels >> (CHANNELS + i) & 1) || FIXED[i].event != address) continue;
    peripheral_write(FIXED[i].task, 1);
    if (forks[CHANNELS + i]) peripheral_write(forks[CHANNELS + i], 1);
  }
}

bool ppi_uses(uint32_t event) {
  for (int i = 0; i < CHANNELS; i++)
    if (channels >> i & 1 && channel_ends[i].event == event) return true;
  for (int i = 0; i < FIXED_CHANNELS; i++)
    if (channels >> (CHANNELS + i) & 1 && FIXED[i].event == event) return true;
  return false;
}

static bool ppi_write(uint32_t address, uint32_t value) {
  if (address >= PPI_CHG && address < PPI_CHG_END) {
    uint32_t group = REGISTER(PPI_CHG_CHANNELS + (address - PPI_CHG) / 8 * 4);
    channels = address & 4 ? channels & ~group : channels | group;
  } else if (address == PPI_CHEN) channels = value;
  else if (address == PPI_CHENSET) channels |= value;
  else if (address == PPI_CHENCLR) channels &= ~value;
  else if (address >= PPI_CH && address < PPI_CH_END) {
    uint32_t i = (address - PPI_CH) / 8;
    if (address & 4) channel_ends[i].task = value;
    else channel_ends[i].event = value;
  } else if (address >= PPI_FORK && address < PPI_FORK + sizeof forks) forks[(address - PPI_FORK) / 4] = value;
  else return false;
  timers_rearm();
  return true;
}

// ---- Random numbers, temperature, AES and the analogue-to-digital converter.

static void random_ready(void) {
  REGISTER(RNG_VALUE) = random_next() & 0xFF;
  if (!(REGISTER(RNG_SHORTS) & 1)) alarm_after(ALARM_RANDOM, RANDOM_TIME, random_ready);
  peripheral_event(RNG_VALRDY);
}

static void temperature_ready(void) {
  REGISTER(TEMP_TEMP) = TEMPERATURE;
  peripheral_event(TEMP_DATARDY);
}

static void cipher_ready(void) {
  uint32_t data = REGISTER(ECB_ECBDATAPTR);
  uint8_t key_and_text[32], cipher[16];
  memory_read(data, key_and_text, sizeof key_and_text);
  encrypt_block(key_and_text, key_and_text + 16, cipher);
  memory_write(data + 32, cipher, sizeof cipher);
  peripheral_event(ECB_ENDECB);
}

void set_battery(uint32_t value) {
  millivolts = value;
}

static void sample_battery(void) {
  uint32_t bits = 8 + 2 * (REGISTER(SAADC_RESOLUTION) & 3);
  memory_set(REGISTER(SAADC_RESULT_PTR), (millivolts << bits) / FULL_SCALE_MILLIVOLTS, 2);
  peripheral_event(SAADC_END);
}

static bool small_write(uint32_t address) {
  switch (address) {
    case RNG_START: alarm_after(ALARM_RANDOM, RANDOM_TIME, random_ready); return true;
    case RNG_STOP: alarm_cancel(ALARM_RANDOM); return true;
    case TEMP_START: alarm_after(ALARM_TEMPERATURE, TEMPERATURE_TIME, temperature_ready); return true;
    case ECB_STARTECB: alarm_after(ALARM_CIPHER, CIPHER_TIME, cipher_ready); return true;
    case SAADC_START: peripheral_event(SAADC_STARTED); return true;
    case SAADC_SAMPLE: sample_battery(); return true;
    case SAADC_STOP: peripheral_event(SAADC_STOPPED); return true;
    case SAADC_CALIBRATEOFFSET: peripheral_event(SAADC_CALIBRATEDONE); return true;
    default: return false;
  }
}

// ---- Flash (chapter 11): the processor halts meanwhile.

static bool flash_write(uint32_t address, uint32_t value) {
  if (address == NVMC_CONFIG) {
    bool was_writable = REGISTER(NVMC_CONFIG) == NVMC_CONFIG_WEN, is_writable = value == NVMC_CONFIG_WEN;
    if (was_writable != is_writable) core_protect_flash(is_writable);
    REGISTER(NVMC_CONFIG) = value;
    return true;
  }
  if (address != NVMC_ERASEPAGE) return false;
  if (value < FLASH_BYTES) memset(chip.flash + (value & ~(PAGE_BYTES - 1u)), 0xFF, PAGE_BYTES);
  core_halt(ERASE_TIME, &chip.ledger.erasing);
  return true;
}

static uint32_t flash_ready(void) {
  // Who writes waits after each word.
  if (REGISTER(NVMC_CONFIG) == NVMC_CONFIG_WEN) core_halt(WORD_TIME, &chip.ledger.writing);
  return 1;
}

// ---- All of them.

// Which events interrupt.
bool interrupts_write(uint32_t address, uint32_t value) {
  uint32_t base = address & ~0xFFFu;
  if (address - base == INTENSET) REGISTER(address) |= value;
  else if (address - base == INTENCLR) REGISTER(base | INTENSET) &= ~value;
  else return false;
  return true;
}

void peripheral_write(uint32_t address, uint32_t value) {
  uint32_t base = address & ~0xFFFu;
  if (counter_write(address, value) || interrupts_write(address, value)) return;
  if (value && address - base < FIRST_EVENT && small_write(address)) return;
  if (clock_write(address) || radio_write(address, value)) return;
  if (ppi_write(address, value) || flash_write(address, value) || watchdog_write(address, value)) return;
  // Software interrupts and their events have the same order.
  if (value && base >= EGU0 && base <= EGU5 && address - base < 0x40) peripheral_event(address + FIRST_EVENT);
  else if (address == POWER_RESETREAS) REGISTER(address) &= ~value;
  else REGISTER(address) = value;
}

static uint32_t peripheral_read(uint32_t address) {
  uint32_t value, base = address & ~0xFFFu;
  if (counter_read(address, &value)) return value;
  if (address == PPI_CHEN || address == PPI_CHENSET || address == PPI_CHENCLR) return channels;
  if (address == NVMC_READY) return flash_ready();
  return REGISTER(address - base == INTENCLR ? (base | INTENSET) : address);
}

static uint64_t read_peripheral(uc_engine *engine, uint64_t offset, unsigned size, void *unused) {
  (void)engine, (void)unused;
  uint32_t value = peripheral_read(PERIPHERALS_BASE + ((uint32_t)offset & ~3u)) >> 8 * (offset & 3);
  return size == 4 ? value : value & ((1u << 8 * size) - 1);
}

static void write_peripheral(uc_engine *engine, uint64_t offset, unsigned size, uint64_t value, void *unused) {
  (void)engine, (void)size, (void)unused;
  peripheral_write(PERIPHERALS_BASE + (uint32_t)offset, (uint32_t)value);
}

void peripherals_map(void) {
  uc_mmio_map(chip.engine, PERIPHERALS_BASE, PERIPHERALS_BYTES, read_peripheral, NULL, write_peripheral, NULL);
}

void peripherals_reset(void) {
  radio_reset();
  memset(chip.registers, 0, sizeof chip.registers);
  REGISTER(RADIO_FREQUENCY) = 2;
  memset(channel_ends, 0, sizeof channel_ends);
  memset(forks, 0, sizeof forks);
  channels = 0;
  counters_reset();
}
