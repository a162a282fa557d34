// Exceptions of the Cortex-M4: NVIC, system control block and SysTick (ARMv7-M Architecture Reference Manual, B1.5, B3).
#include "chip.h"
#include <string.h>

enum { NO_PRIORITY = 256, HANDLERS = 32, FIRST_SYSTEM_HANDLER = 4, PRIORITY_BITS = 0xE0 };
enum { XPSR_THUMB = 1 << 24, XPSR_ALIGNED = 1 << 9 };
#define XPSR_FLAGS 0xF8000000u
#define XPSR_IT_STATE 0x0600FC00u

static uint64_t enabled, pending;
static uint8_t interrupt_priority[64], system_priority[12];
static bool systick_pending, pendsv_pending;
static struct {
  int number;
  int priority;
} active[HANDLERS];
static int active_count;
static uint32_t vector_table, systick_control, systick_reload;

void exceptions_reset(void) {
  enabled = pending = 0;
  memset(interrupt_priority, 0, sizeof interrupt_priority);
  memset(system_priority, 0, sizeof system_priority);
  systick_pending = pendsv_pending = false;
  active_count = 0;
  vector_table = chip.has_softdevice ? 0 : APPLICATION_BASE;
  systick_control = systick_reload = 0;
}

// An interrupt's signal; it is also an event for WFE.
void interrupt_request(int interrupt) {
  pending |= 1ULL << interrupt;
  chip.event = true;
  core_attend();
}

void interrupt_set_priority(int interrupt, int priority) {
  interrupt_priority[interrupt] = (uint8_t)(priority << 5);
}

bool in_exception(void) {
  return active_count > 0;
}

bool exceptions_pending(void) {
  return (pending & enabled) || systick_pending || pendsv_pending;
}

bool is_exception_return(uint32_t address) {
  return address >= 0xFFFFFFF0u;
}

static int priority_of(int exception) {
  return exception >= FIRST_INTERRUPT ? interrupt_priority[exception - FIRST_INTERRUPT]
                                      : system_priority[exception - FIRST_SYSTEM_HANDLER];
}

// What an exception must be below to interrupt what runs.
static int current_priority(void) {
  int priority = NO_PRIORITY;
  for (int i = 0; i < active_count; i++)
    if (active[i].priority < priority) priority = active[i].priority;
  int base = (int)(core_register(UC_ARM_REG_BASEPRI) & 0xFF);
  return base && base < priority ? base : priority;
}

// Enters the most urgent of what is pending, if it is urgent enough.
bool exceptions_deliver(void) {
  if (!exceptions_pending() || (core_register(UC_ARM_REG_PRIMASK) & 1)) return false;
  int best = -1, priority = current_priority();
  if (pendsv_pending && priority_of(PENDSV) < priority) best = PENDSV, priority = priority_of(PENDSV);
  if (systick_pending && priority_of(SYSTICK) < priority) best = SYSTICK, priority = priority_of(SYSTICK);
  for (uint64_t left = pending & enabled; left; left &= left - 1) {
    int interrupt = __builtin_ctzll(left);
    if (interrupt_priority[interrupt] >= priority) continue;
    best = FIRST_INTERRUPT + interrupt;
    priority = interrupt_priority[interrupt];
  }
  if (best < 0) return false;
  if (best == PENDSV) pendsv_pending = false;
  else if (best == SYSTICK) systick_pending = false;
  else pending &= ~(1ULL << (best - FIRST_INTERRUPT));
  exception_enter(best);
  return true;
}

static const int FRAME[] = {UC_ARM_REG_R0,  UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3,
                            UC_ARM_REG_R12, UC_ARM_REG_LR, UC_ARM_REG_PC};

// Pushes the frame and goes to the handler (B1.5.6).
void exception_enter(int number) {
  uint32_t frame[8], stack = core_register(UC_ARM_REG_SP), flags = core_register(UC_ARM_REG_CPSR);
  for (int i = 0; i < 7; i++) frame[i] = core_register(FRAME[i]);
  uint32_t within = active_count ? (uint32_t)active[active_count - 1].number : 0;
  frame[7] = (flags & (XPSR_FLAGS | XPSR_IT_STATE)) | XPSR_THUMB | (stack & 4 ? XPSR_ALIGNED : 0) | within;
  stack = (stack - sizeof frame) & ~7u;
  memory_write(stack, frame, sizeof frame);
  core_set_register(UC_ARM_REG_SP, stack);
  core_set_register(UC_ARM_REG_LR, active_count ? 0xFFFFFFF1 : 0xFFFFFFF9);
  core_set_register(UC_ARM_REG_CPSR, flags & ~XPSR_IT_STATE);
  if (active_count == HANDLERS) {
    core_fault("exceptions are nested too deeply");
    return;
  }
  active[active_count].number = number;
  active[active_count++].priority = priority_of(number);
  core_set_register(UC_ARM_REG_PC, memory_word(vector_table + 4 * (uint32_t)number) | 1);
}

// Pops the frame (B1.5.8).
void exception_leave(void) {
  if (!active_count) {
    core_fault("returned from an exception that it was not in");
    return;
  }
  uint32_t stack = core_register(UC_ARM_REG_SP), frame[8];
  memory_read(stack, frame, sizeof frame);
  core_set_register(UC_ARM_REG_SP, stack + (uint32_t)sizeof frame + (frame[7] & XPSR_ALIGNED ? 4 : 0));
  for (int i = 0; i < 6; i++) core_set_register(FRAME[i], frame[i]);
  uint32_t kept = XPSR_FLAGS | XPSR_IT_STATE;
  core_set_register(UC_ARM_REG_CPSR, (core_register(UC_ARM_REG_CPSR) & ~kept) | (frame[7] & kept));
  core_set_register(UC_ARM_REG_PC, frame[6] | 1);
  bool was_call = active[--active_count].number == SVCALL;
  chip.event = true;
  // The call's number is in the instruction before the return address.
  if (was_call) calls_returned(memory_half(frame[6] - 2) & 0xFF, frame[0]);
}

struct handler_mode exceptions_suspend(void) {
  struct handler_mode saved = {.count = active_count};
  for (int i = 0; i < active_count; i++) saved.active[i] = active[i].number;
  active_count = 0;
  return saved;
}

void exceptions_resume(const struct handler_mode *saved) {
  active_count = saved->count;
  for (int i = 0; i < active_count; i++) {
    active[i].number = saved->active[i];
    active[i].priority = priority_of(saved->active[i]);
  }
}

// ---- Registers.

static void tick(void) {
  alarm_at(ALARM_SYSTICK, chip.now + systick_reload + 1, tick);
  if (systick_control & 2) {
    systick_pending = true;
    core_attend();
  }
}

// A word of a register that has one bit for each interrupt.
static uint32_t word_of(uint64_t bits, uint64_t offset) {
  return offset / 4 % 16 < 2 ? (uint32_t)(bits >> (offset / 4 % 2 * 32)) : 0;
}

static uint64_t bits_of(uint32_t word, uint64_t offset) {
  return offset / 4 % 16 < 2 ? (uint64_t)word << (offset / 4 % 2 * 32) : 0;
}

static uint64_t bytes_of(const uint8_t *bytes, unsigned size) {
  uint64_t value = 0;
  memcpy(&value, bytes, size);
  return value;
}

static bool is_in(uint64_t offset, uint32_t base, uint32_t bytes) {
  return offset >= base && offset < base + bytes;
}

static uint64_t active_interrupts(void) {
  uint64_t bits = 0;
  for (int i = 0; i < active_count; i++)
    if (active[i].number >= FIRST_INTERRUPT) bits |= 1ULL << (active[i].number - FIRST_INTERRUPT);
  return bits;
}

static uint32_t control_state(void) {
  uint64_t waiting = pending & enabled;
  uint32_t first = waiting ? (uint32_t)(FIRST_INTERRUPT + __builtin_ctzll(waiting)) << 12 : 0;
  return first | (pendsv_pending ? 1u << 28 : 0) | (active_count ? (uint32_t)active[active_count - 1].number : 0);
}

static uint64_t read_control(uc_engine *engine, uint64_t offset, unsigned size, void *unused) {
  (void)engine, (void)unused;
  if (offset == SYST_CSR) return systick_control;
  if (offset == SYST_RVR) return systick_reload;
  if (is_in(offset, NVIC_ISER, 16) || is_in(offset, NVIC_ICER, 16)) return word_of(enabled, offset);
  if (is_in(offset, NVIC_ISPR, 16) || is_in(offset, NVIC_ICPR, 16)) return word_of(pending, offset);
  if (is_in(offset, NVIC_IABR, 16)) return word_of(active_interrupts(), offset);
  if (is_in(offset, NVIC_IPR, 64)) return bytes_of(interrupt_priority + (offset - NVIC_IPR), size);
  if (is_in(offset, SCB_SHPR, 12)) return bytes_of(system_priority + (offset - SCB_SHPR), size);
  if (offset == SCB_ICSR) return control_state();
  if (offset == SCB_VTOR) return vector_table;
  if (offset == SCB_CPUID) return 0x410FC241;
  if (offset == SCB_CPACR) return 0xF00000;  // the floating-point unit is on
  return 0;
}

static void set_priorities(uint8_t *priorities, uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; i++) priorities[i] = (value >> (8 * i)) & PRIORITY_BITS;
}

static void write_control(uc_engine *engine, uint64_t offset, unsigned size, uint64_t value64, void *unused) {
  (void)engine, (void)unused;
  uint32_t value = (uint32_t)value64;
  if (offset == SYST_CSR) {
    systick_control = value;
    alarm_cancel(ALARM_SYSTICK);
    if (value & 1) alarm_at(ALARM_SYSTICK, chip.now + systick_reload, tick);
  } else if (offset == SYST_RVR) systick_reload = value & 0xFFFFFF;
  else if (is_in(offset, NVIC_ISER, 16)) enabled |= bits_of(value, offset);
  else if (is_in(offset, NVIC_ICER, 16)) enabled &= ~bits_of(value, offset);
  else if (is_in(offset, NVIC_ISPR, 16)) pending |= bits_of(value, offset), chip.event = true;
  else if (is_in(offset, NVIC_ICPR, 16)) pending &= ~bits_of(value, offset);
  else if (is_in(offset, NVIC_IPR, 64)) set_priorities(interrupt_priority + (offset - NVIC_IPR), value, size);
  else if (is_in(offset, SCB_SHPR, 12)) set_priorities(system_priority + (offset - SCB_SHPR), value, size);
  else if (offset == NVIC_STIR) interrupt_request((int)(value & 63));
  else if (offset == SCB_VTOR) vector_table = value;
  else if (offset == SCB_ICSR) pendsv_pending = (pendsv_pending || (value >> 28 & 1)) && !(value >> 27 & 1);
  else if (offset == SCB_AIRCR && value >> 16 == 0x5FA && (value & 4)) chip.reset_request = SREQ;
  core_attend();
}

void exceptions_map(void) {
  uc_mmio_map(chip.engine, SYSTEM_CONTROL_BASE, PAGE_BYTES, read_control, NULL, write_control, NULL);
}
