// What happens later, in virtual time.
#include "chip.h"

static struct {
  uint64_t time;
  void (*ring)(void);
} alarms[ALARMS];

// Lets the run loop look at what has changed after the current block of code.
void core_attend(void) {
  chip.deadline = 0;
}

void alarm_at(enum alarm alarm, uint64_t time, void (*ring)(void)) {
  alarms[alarm].time = time;
  alarms[alarm].ring = ring;
  if (time < chip.deadline) chip.deadline = time;
}

void alarm_after(enum alarm alarm, double microseconds, void (*ring)(void)) {
  alarm_at(alarm, chip.now + (uint64_t)(microseconds * CYCLES_PER_MICROSECOND), ring);
}

void alarm_cancel(enum alarm alarm) {
  alarms[alarm].time = NEVER;
}

void alarm_delay(enum alarm alarm, uint64_t cycles) {
  if (alarms[alarm].time != NEVER) alarms[alarm].time += cycles;
}

void alarms_clear(bool with_watchdog) {
  for (int i = 0; i < ALARMS; i++)
    if (i != ALARM_WATCHDOG || with_watchdog) alarms[i].time = NEVER;
}

// Rings what is due, in order of time, and sets the deadline to what is due next.
void alarms_ring(uint64_t target) {
  for (;;) {
    int first = 0;
    for (int i = 1; i < ALARMS; i++)
      if (alarms[i].time < alarms[first].time) first = i;
    chip.deadline = alarms[first].time < target ? alarms[first].time : target;
    if (alarms[first].time > chip.now) return;
    alarms[first].time = NEVER;
    alarms[first].ring();
  }
}
