// Pins: GPIO and GPIOTE (product specification, chapters 21 and 23).
#include "chip.h"
#include <string.h>

enum { PINS = 32, SENSE_HIGH = 2, SENSE_LOW = 3, EVENT_MODE = 1, RISING = 1, FALLING = 2, BOTH = 3 };
static uint32_t output, input, configuration[PINS];
static bool was_sensed;
static uint32_t red, green, blue;

void gpio_reset(void) {
  output = 0;
  memset(configuration, 0, sizeof configuration);
  was_sensed = false;
}

// DETECT: any pin at the level that it senses; the PORT event comes with its rising edge (section 21.1.2).
static void update_detect(void) {
  bool is_sensed = false;
  for (int pin = 0; pin < PINS; pin++) {
    uint32_t sense = configuration[pin] >> 16 & 3;
    bool is_high = input >> pin & 1;
    if ((sense == SENSE_HIGH && is_high) || (sense == SENSE_LOW && !is_high)) is_sensed = true;
  }
  if (is_sensed && !was_sensed) peripheral_event(GPIOTE_PORT);
  was_sensed = is_sensed;
}

// Puts a pin to a level from outside.
void gpio_set_input(int pin, bool level) {
  bool was_high = input >> pin & 1;
  input = (input & ~(1u << pin)) | (uint32_t)level << pin;
  for (uint32_t at = GPIOTE_CONFIG; was_high != level && at < GPIOTE_CONFIG_END; at += 4) {
    uint32_t value = REGISTER(at), polarity = value >> 16 & 3;
    if ((value & 3) != EVENT_MODE || (int)(value >> 8 & 31) != pin) continue;
    if (polarity == BOTH || polarity == (level ? RISING : FALLING)) peripheral_event(GPIOTE_IN + at - GPIOTE_CONFIG);
  }
  update_detect();
}

// Which pins have lights; -1 for what the board lacks.
void gpio_set_lights(int red_pin, int green_pin, int blue_pin) {
  red = red_pin < 0 ? 0 : 1u << red_pin;
  green = green_pin < 0 ? 0 : 1u << green_pin;
  blue = blue_pin < 0 ? 0 : 1u << blue_pin;
}

static uint64_t read_pins(uc_engine *engine, uint64_t offset, unsigned size, void *unused) {
  (void)engine, (void)size, (void)unused;
  if (offset == GPIO_OUT || offset == GPIO_OUTSET || offset == GPIO_OUTCLR) return output;
  if (offset == GPIO_IN) return input;
  if (offset >= GPIO_PIN_CNF && offset < GPIO_PIN_CNF_END) return configuration[(offset - GPIO_PIN_CNF) / 4];
  return 0;
}

static void report_lights(uint32_t before) {
  if (!((before ^ output) & (red | green | blue))) return;
  report_begin("lights");
  report_boolean("red", output & red);
  report_boolean("green", output & green);
  report_boolean("blue", output & blue);
  report_end();
}

static void write_pins(uc_engine *engine, uint64_t offset, unsigned size, uint64_t value, void *unused) {
  (void)engine, (void)size, (void)unused;
  uint32_t before = output;
  if (offset == GPIO_OUT) output = (uint32_t)value;
  else if (offset == GPIO_OUTSET) output |= (uint32_t)value;
  else if (offset == GPIO_OUTCLR) output &= ~(uint32_t)value;
  else if (offset >= GPIO_PIN_CNF && offset < GPIO_PIN_CNF_END) {
    configuration[(offset - GPIO_PIN_CNF) / 4] = (uint32_t)value;
    update_detect();
  }
  report_lights(before);
}

void gpio_map(void) {
  uc_mmio_map(chip.engine, GPIO_BASE, PAGE_BYTES, read_pins, NULL, write_pins, NULL);
}
