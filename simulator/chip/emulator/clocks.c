// Clocks and what counts their ticks: CLOCK, RTC and TIMER (product specification, chapters 18, 22 and 24).
#include "chip.h"

enum { COMPARES = 6, RTC_COMPARES = 4, COUNTERS = 3 };
// Microseconds until a clock has started, and for a calibration; a calibration timer counts quarters of a second.
enum { HIGH_START_TIME = 360, LOW_START_TIME = 600, CALIBRATION_TIME = 16000, CALIBRATION_TICK = 250000 };
// Registers of RTC and TIMER.
enum {
  START = 0x000,
  STOP = 0x004,
  TIMER_CLEAR = 0x00C,
  RTC_CLEAR = 0x008,
  TIMER_SHUTDOWN = 0x010,
  CAPTURE = 0x040,
  OVERFLOW = 0x104,
  COMPARE = 0x140,
  SHORTS = 0x200,
  EVTEN = 0x340,
  EVTENSET = 0x344,
  EVTENCLR = 0x348,
  COUNTER = 0x504,
  BITMODE = 0x508,
  PRESCALER = 0x510,
  CC = 0x540,
};

// ---- CLOCK.

static void high_started(void) {
  REGISTER(CLOCK_HFCLKSTAT) = 0x10001;
  peripheral_event(CLOCK_HFCLKSTARTED);
}

static void low_started(void) {
  REGISTER(CLOCK_LFCLKSTAT) = 0x10000 | (REGISTER(CLOCK_LFCLKSRC) & 3);
  peripheral_event(CLOCK_LFCLKSTARTED);
}

static void calibrated(void) {
  peripheral_event(CLOCK_DONE);
}

static void calibration_due(void) {
  peripheral_event(CLOCK_CTTO);
}

bool clock_write(uint32_t address) {
  switch (address) {
    case CLOCK_HFCLKSTART: alarm_after(ALARM_CLOCK_HIGH, HIGH_START_TIME, high_started); return true;
    case CLOCK_HFCLKSTOP:
      alarm_cancel(ALARM_CLOCK_HIGH);
      REGISTER(CLOCK_HFCLKSTAT) = 0;
      return true;
    case CLOCK_LFCLKSTART: alarm_after(ALARM_CLOCK_LOW, LOW_START_TIME, low_started); return true;
    case CLOCK_LFCLKSTOP: REGISTER(CLOCK_LFCLKSTAT) = 0; return true;
    case CLOCK_CAL: alarm_after(ALARM_CLOCK_CALIBRATION, CALIBRATION_TIME, calibrated); return true;
    case CLOCK_CTSTART:
      alarm_after(ALARM_CLOCK_CALIBRATION_TIMER, (double)CALIBRATION_TICK * (REGISTER(CLOCK_CTIV) & 0x7F),
                  calibration_due);
      return true;
    case CLOCK_CTSTOP: alarm_cancel(ALARM_CLOCK_CALIBRATION_TIMER); return true;
    default: return false;
  }
}

// ---- What RTC and TIMER have in common: a count since a moment.

struct counter {
  uint32_t base;
  enum alarm alarm;
  bool is_on;
  // The count at the moment `since`, and up to where compares have been looked at.
  uint64_t held;
  uint64_t since;
  uint64_t seen;
  uint32_t compare[COMPARES];
};

// RTC: 32,768 Hz, that is 8 ticks in 15,625 cycles; its prescaler stays 0 in Espruino and S132. 24 bits.
enum { RTC_TICKS = 8, RTC_CYCLES = 15625, RTC_MASK = 0xFFFFFF };
static struct counter rtcs[COUNTERS], timers[COUNTERS];

static uint64_t rtc_count(const struct counter *rtc) {
  return rtc->is_on ? rtc->held + (chip.now - rtc->since) * RTC_TICKS / RTC_CYCLES : rtc->held;
}

static uint32_t rtc_events(const struct counter *rtc) {
  return REGISTER(rtc->base + EVTEN) | REGISTER(rtc->base + INTENSET);
}

// Ticks from what was seen to the next that equals `compare`.
static uint64_t ticks_to(const struct counter *counter, uint64_t compare, uint64_t mask) {
  return ((compare - counter->seen - 1) & mask) + 1;
}

static void rtc_update(struct counter *rtc);

static void rtc_ring(struct counter *rtc, void (*ring)(void)) {
  uint64_t ticks = NEVER;
  uint32_t events = rtc_events(rtc);
  for (int i = 0; i < RTC_COMPARES; i++) {
    uint64_t left = ticks_to(rtc, rtc->compare[i], RTC_MASK);
    if (events >> (16 + i) & 1 && left < ticks) ticks = left;
  }
  if (events & 2 && ticks_to(rtc, 0, RTC_MASK) < ticks) ticks = ticks_to(rtc, 0, RTC_MASK);
  alarm_cancel(rtc->alarm);
  if (!rtc->is_on || ticks == NEVER) return;
  uint64_t cycles = (rtc->seen - rtc->held + ticks) * RTC_CYCLES;
  alarm_at(rtc->alarm, rtc->since + (cycles + RTC_TICKS - 1) / RTC_TICKS, ring);
}

static void ring_rtc0(void) { rtc_update(&rtcs[0]); }
static void ring_rtc1(void) { rtc_update(&rtcs[1]); }
static void ring_rtc2(void) { rtc_update(&rtcs[2]); }

// Raises the events of all ticks since the last look.
static void rtc_update(struct counter *rtc) {
  static void (*const RINGS[])(void) = {ring_rtc0, ring_rtc1, ring_rtc2};
  uint64_t count = rtc_count(rtc), passed = count - rtc->seen;
  uint32_t events = rtc_events(rtc), due = 0;
  if (passed) {
    for (int i = 0; i < RTC_COMPARES; i++)
      if (ticks_to(rtc, rtc->compare[i], RTC_MASK) <= passed) due |= 1u << i;
    bool overflows = ticks_to(rtc, 0, RTC_MASK) <= passed;
    rtc->seen = count;
    for (int i = 0; i < RTC_COMPARES; i++)
      if (due >> i & 1 && events >> (16 + i) & 1) peripheral_event(rtc->base + COMPARE + 4 * (uint32_t)i);
    if (overflows && events & 2) peripheral_event(rtc->base + OVERFLOW);
  }
  rtc_ring(rtc, RINGS[rtc - rtcs]);
}

// TIMER: 16 MHz divided by a power of two.
static uint64_t timer_cycles(const struct counter *timer) {
  return 4ULL << (REGISTER(timer->base + PRESCALER) & 15);
}

static uint64_t timer_mask(const struct counter *timer) {
  static const uint32_t MASKS[] = {0xFFFF, 0xFF, 0xFFFFFF, 0xFFFFFFFF};
  return MASKS[REGISTER(timer->base + BITMODE) & 3];
}

static uint64_t timer_count(const struct counter *timer) {
  return timer->is_on ? timer->held + (chip.now - timer->since) / timer_cycles(timer) : timer->held;
}

static void set_count(struct counter *counter, uint64_t count) {
  counter->held = counter->seen = count;
  counter->since = chip.now;
}

static void timer_update(struct counter *timer);

static void timer_ring(struct counter *timer, void (*ring)(void)) {
  uint64_t ticks = NEVER;
  uint32_t shorts = REGISTER(timer->base + SHORTS);
  for (int i = 0; i < COMPARES; i++) {
    uint32_t event = timer->base + COMPARE + 4 * (uint32_t)i;
    bool is_used = (REGISTER(timer->base + INTENSET) >> (16 + i) & 1) || (shorts >> i & 1) ||
                   (shorts >> (8 + i) & 1) || ppi_uses(event);
    uint64_t left = ticks_to(timer, timer->compare[i], timer_mask(timer));
    if (is_used && left < ticks) ticks = left;
  }
  alarm_cancel(timer->alarm);
  if (!timer->is_on || ticks == NEVER) return;
  alarm_at(timer->alarm, timer->since + (timer->seen - timer->held + ticks) * timer_cycles(timer), ring);
}

static void ring_timer0(void) { timer_update(&timers[0]); }
static void ring_timer1(void) { timer_update(&timers[1]); }
static void ring_timer2(void) { timer_update(&timers[2]); }

static void timer_update(struct counter *timer) {
  static void (*const RINGS[])(void) = {ring_timer0, ring_timer1, ring_timer2};
  uint64_t seen = timer->seen, count = timer_count(timer), passed = count - seen;
  timer->seen = count;
  for (int i = 0; passed && i < COMPARES; i++) {
    uint64_t left = ((timer->compare[i] - seen - 1) & timer_mask(timer)) + 1;
    if (left > passed) continue;
    uint32_t shorts = REGISTER(timer->base + SHORTS);
    if (shorts >> i & 1) set_count(timer, passed - left);
    if (shorts >> (8 + i) & 1) {
      set_count(timer, timer_count(timer));
      timer->is_on = false;
    }
    peripheral_event(timer->base + COMPARE + 4 * (uint32_t)i);
  }
  timer_ring(timer, RINGS[timer - timers]);
}

// ---- Registers.

static struct counter *counter_at(struct counter *counters, uint32_t address) {
  for (int i = 0; i < COUNTERS; i++)
    if (counters[i].base == (address & ~0xFFFu)) return &counters[i];
  return NULL;
}

static void start(struct counter *counter) {
  if (counter->is_on) return;
  set_count(counter, counter->held);
  counter->is_on = true;
}

static void stop(struct counter *counter, uint64_t count) {
  set_count(counter, count);
  counter->is_on = false;
}

static void rtc_write(struct counter *rtc, uint32_t offset, uint32_t value) {
  if (offset == START) start(rtc);
  else if (offset == STOP) stop(rtc, rtc_count(rtc) & RTC_MASK);
  else if (offset == RTC_CLEAR) set_count(rtc, 0);
  else if (offset == EVTENSET) REGISTER(rtc->base + EVTEN) |= value;
  else if (offset == EVTENCLR) REGISTER(rtc->base + EVTEN) &= ~value;
  else if (offset >= CC && offset < CC + 4 * RTC_COMPARES) rtc->compare[(offset - CC) / 4] = value & RTC_MASK;
  else if (!interrupts_write(rtc->base + offset, value)) REGISTER(rtc->base + offset) = value;
}

static void timer_write(struct counter *timer, uint32_t offset, uint32_t value) {
  if (offset == START) start(timer);
  else if (offset == STOP) stop(timer, timer_count(timer) & timer_mask(timer));
  else if (offset == TIMER_SHUTDOWN) stop(timer, 0);
  else if (offset == TIMER_CLEAR) set_count(timer, 0);
  else if (offset >= CAPTURE && offset < CAPTURE + 4 * COMPARES)
    timer->compare[(offset - CAPTURE) / 4] = (uint32_t)(timer_count(timer) & timer_mask(timer));
  else if (offset >= CC && offset < CC + 4 * COMPARES) timer->compare[(offset - CC) / 4] = value;
  else if (!interrupts_write(timer->base + offset, value)) REGISTER(timer->base + offset) = value;
}

bool counter_write(uint32_t address, uint32_t value) {
  struct counter *rtc = counter_at(rtcs, address), *timer = counter_at(timers, address);
  if (rtc) {
    rtc_update(rtc);
    rtc_write(rtc, address & 0xFFF, value);
    rtc_update(rtc);
  } else if (timer) {
    timer_update(timer);
    timer_write(timer, address & 0xFFF, value);
    timer_update(timer);
  }
  return rtc || timer;
}

bool counter_read(uint32_t address, uint32_t *value) {
  struct counter *rtc = counter_at(rtcs, address), *timer = counter_at(timers, address);
  uint32_t offset = address & 0xFFF;
  if (!rtc && !timer) return false;
  if (rtc && offset == COUNTER) *value = (uint32_t)(rtc_count(rtc) & RTC_MASK);
  else if (rtc && (offset == EVTENSET || offset == EVTENCLR)) *value = REGISTER(rtc->base + EVTEN);
  else if (offset >= CC && offset < CC + 4 * COMPARES) *value = (rtc ? rtc : timer)->compare[(offset - CC) / 4];
  else if (offset == INTENCLR) *value = REGISTER((address & ~0xFFFu) | INTENSET);
  else *value = REGISTER(address);
  return true;
}

// What an event of a timer leads to has changed.
void timers_rearm(void) {
  for (int i = 0; i < COUNTERS; i++) timer_update(&timers[i]);
}

void counters_reset(void) {
  static const uint32_t RTC_BASES[] = {RTC0, RTC1, RTC2};
  for (uint32_t i = 0; i < COUNTERS; i++) {
    rtcs[i] = (struct counter){.base = RTC_BASES[i], .alarm = ALARM_RTC0 + i};
    timers[i] = (struct counter){.base = TIMER0 + PAGE_BYTES * i, .alarm = ALARM_TIMER0 + i};
  }
}
