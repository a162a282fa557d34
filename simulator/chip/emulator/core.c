// The processor on the Unicorn engine: memory, virtual time, the run loop, and what ends a run.
#include "chip.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chip chip;

// A block of code costs about 11/8 cycles for each halfword: loads, stores and branches take longer than one cycle.
enum { CYCLES_OF_8_HALFWORDS = 11 };
// While an interrupt waits for code that has masked it.
enum { MASKED_POLL_CYCLES = 100 };
enum { WFE = 0xBF20, WFI = 0xBF30, BRANCH_TO_ITSELF = 0xE7FE };
enum { BACKTRACE_LENGTH = 48 };

static bool svc_requested;
static uint16_t wait_instruction;

static void check(uc_err error, const char *what) {
  if (error == UC_ERR_OK) return;
  fprintf(stderr, "%s: %s\n", what, uc_strerror(error));
  exit(1);
}

// ---- Access for the other parts.

uint32_t core_register(int id) {
  uint32_t value = 0;
  uc_reg_read(chip.engine, id, &value);
  return value;
}

void core_set_register(int id, uint32_t value) {
  uc_reg_write(chip.engine, id, &value);
}

void memory_read(uint32_t address, void *bytes, uint32_t length) {
  if (uc_mem_read(chip.engine, address, bytes, length) != UC_ERR_OK)
    core_fault("the SoftDevice was given the address %08x, where there is no memory", address);
}

void memory_write(uint32_t address, const void *bytes, uint32_t length) {
  if (uc_mem_write(chip.engine, address, bytes, length) != UC_ERR_OK)
    core_fault("the SoftDevice was given the address %08x, where there is no memory", address);
}

uint32_t memory_word(uint32_t address) {
  uint32_t value = 0;
  memory_read(address, &value, 4);
  return value;
}

uint16_t memory_half(uint32_t address) {
  uint16_t value = 0;
  memory_read(address, &value, 2);
  return value;
}

uint8_t memory_byte(uint32_t address) {
  uint8_t value = 0;
  memory_read(address, &value, 1);
  return value;
}

void memory_set(uint32_t address, uint32_t value, uint32_t bytes) {
  memory_write(address, &value, bytes);
}

// ---- Faults.

static bool is_return_address(uint32_t value) {
  uint32_t address = value & ~1u;
  if (!(value & 1) || address < 4 || address > FLASH_BYTES) return false;
  uint16_t before = memory_half(address - 4), last = memory_half(address - 2);
  bool is_bl = (before & 0xF800) == 0xF000 && (last & 0xD000) == 0xD000;
  bool is_blx = (last & 0xFF87) == 0x4780;
  return is_bl || is_blx;
}

// Reports what looks like a return address on the stack, the innermost first.
static void report_backtrace(void) {
  uint8_t found[4 * BACKTRACE_LENGTH];
  uint32_t count = 0, addresses[2] = {core_register(UC_ARM_REG_PC), core_register(UC_ARM_REG_LR)};
  memcpy(found, addresses, 8);
  count = 2;
  for (uint32_t at = core_register(UC_ARM_REG_SP) & ~3u;
       at >= RAM_BASE && at < chip.stack_top && count < BACKTRACE_LENGTH; at += 4) {
    uint32_t value;
    memcpy(&value, chip.ram + (at - RAM_BASE), 4);
    if (is_return_address(value)) memcpy(found + 4 * count++, &value, 4);
  }
  report_bytes("backtrace", found, 4 * count);
}

// Ends the run for good; the first fault counts.
void core_fault(const char *format, ...) {
  if (chip.fault[0]) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(chip.fault, sizeof chip.fault, format, arguments);
  va_end(arguments);
  uc_emu_stop(chip.engine);
}

static void fault_in_code(const char *what) {
  core_fault("%s: pc %08x, lr %08x, sp %08x", what, core_register(UC_ARM_REG_PC),
             core_register(UC_ARM_REG_LR), core_register(UC_ARM_REG_SP));
}

// ---- What the engine calls.

// A branch to itself: nothing but an interrupt leads on, so that time passes at once.
static bool is_endless(uint32_t address) {
  if (address >= FLASH_BYTES || (chip.flash[address] | chip.flash[address + 1] << 8) != BRANCH_TO_ITSELF) return false;
  if (chip.deadline <= chip.now) return false;
  chip.ledger.active += chip.deadline - chip.now;
  chip.now = chip.deadline;
  uc_emu_stop(chip.engine);
  return true;
}

// Counts time and watches the stack. Before each block of code; the engine does not run a block when it is stopped here.
static void on_block(uc_engine *engine, uint64_t address, uint32_t size, void *unused) {
  (void)address;
  (void)unused;
  if (chip.now >= chip.deadline) {
    uc_emu_stop(engine);
    return;
  }
  if (size == 2 && is_endless((uint32_t)address)) return;
  uint32_t cycles = ((size / 2) * CYCLES_OF_8_HALFWORDS + 7) / 8;
  chip.now += cycles;
  chip.ledger.active += cycles;
  uint32_t stack;
  uc_reg_read(engine, UC_ARM_REG_SP, &stack);
  if (stack < chip.lowest_in_thread) {
    if (stack < chip.stack_limit && stack > RAM_BASE + SOFTDEVICE_RAM_END) fault_in_code("stack overflow");
    // The SoftDevice has a stack of its own while it boots.
    if (stack > RAM_BASE + SOFTDEVICE_RAM_END) {
      if (stack < chip.lowest) chip.lowest = stack;
      if (!in_exception()) chip.lowest_in_thread = stack;
    }
  }
}

static void on_interrupt(uc_engine *engine, uint32_t number, void *unused) {
  (void)unused;
  enum { SUPERVISOR_CALL = 2, EXCEPTION_EXIT = 8 };
  if (number == EXCEPTION_EXIT) {
    uc_emu_stop(engine);
    return;
  }
  if (number != SUPERVISOR_CALL) {
    fault_in_code("HardFault");
    return;
  }
  int call = memory_half(core_register(UC_ARM_REG_PC) - 2) & 0xFF;
  const int ids[] = {UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3};
  uint32_t arguments[4], result;
  for (int i = 0; i < 4; i++) arguments[i] = core_register(ids[i]);
  // Not from an interrupt: it may have come in the midst of a collection of garbage, when the list of what is free is not whole.
  if (!in_exception()) variables_look(false);
  calls_begin(call, arguments);
  if (!calls_fail(call, &result)) {
    if (chip.has_softdevice) {
      svc_requested = true;
      uc_emu_stop(engine);
      return;
    }
    result = softdevice_answer(call, arguments);
  }
  core_set_register(UC_ARM_REG_R0, result);
  calls_returned(call, result);
}

static bool on_bad_access(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *unused) {
  (void)engine, (void)size, (void)value, (void)unused;
  const char *what = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT   ? "executed outside flash"
                     : type == UC_MEM_WRITE_PROT || type == UC_MEM_WRITE_UNMAPPED ? "wrote"
                                                                                  : "read";
  core_fault("%s at %08x, where it may not: pc %08x, lr %08x, sp %08x", what, (uint32_t)address,
             core_register(UC_ARM_REG_PC), core_register(UC_ARM_REG_LR), core_register(UC_ARM_REG_SP));
  return false;
}

static void on_exception_return(uc_engine *engine, uint64_t address, uint32_t size, void *unused) {
  (void)address, (void)size, (void)unused;
  uc_emu_stop(engine);
}

static void on_wait(uc_engine *engine, uint64_t address, uint32_t size, void *unused) {
  (void)size, (void)unused;
  wait_instruction = memory_half((uint32_t)address);
  uc_emu_stop(engine);
}

// ---- Set-up.

// S132 writes flash by storing words while NVMC.CONFIG allows it.
void core_protect_flash(bool is_writable) {
  static uint8_t before[FLASH_BYTES];
  uc_mem_protect(chip.engine, 0, FLASH_BYTES, UC_PROT_READ | UC_PROT_EXEC | (is_writable ? UC_PROT_WRITE : 0));
  if (is_writable) memcpy(before, chip.flash, FLASH_BYTES);
  // Writing can only clear bits.
  else
    for (int i = 0; i < FLASH_BYTES; i++) chip.flash[i] &= before[i];
}

static void add_hook(int type, void *callback, uint64_t begin, uint64_t end) {
  uc_hook hook;
  check(uc_hook_add(chip.engine, &hook, type, callback, NULL, begin, end), "a hook");
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fread(chip.flash, 1, FLASH_BYTES, file) != FLASH_BYTES) {
    fprintf(stderr, "%s is no flash image of %d bytes\n", path, FLASH_BYTES);
    exit(1);
  }
  fclose(file);
}

// FICR and UICR (sections 13 and 14): what Espruino and S132 read of them.
static void map_information(void) {
  static uint32_t factory[PAGE_BYTES / 4], user[PAGE_BYTES / 4], nfc_errata[PAGE_BYTES / 4], debug[PAGE_BYTES / 4];
  memset(factory, 0xFF, sizeof factory);
  memset(user, 0xFF, sizeof user);
  factory[0x010 / 4] = PAGE_BYTES;
  factory[0x014 / 4] = FLASH_BYTES / PAGE_BYTES;
  factory[0x060 / 4] = 0x11223344;  // DEVICEID
  factory[0x064 / 4] = 0x55667788;
  for (uint32_t i = 0; i < 8; i++) factory[0x080 / 4 + i] = 0x9E3779B9u * (i + 1);  // ER and IR
  factory[0x0A0 / 4] = 1;                                                           // a random address
  factory[0x0A4 / 4] = 0x12345678;
  factory[0x0A8 / 4] = 0xCAFE;
  factory[0x100 / 4] = 0x52832;
  factory[0x104 / 4] = 0x41414230;  // variant AAB0
  factory[0x108 / 4] = 0x2000;
  factory[0x10C / 4] = RAM_BYTES / 1024;
  factory[0x110 / 4] = FLASH_BYTES / 1024;
  user[0x20C / 4] = 0xFFFFFFFE;  // NFC pins are pins
  // The start-up code tells the chip's revision by these, for its errata.
  nfc_errata[0xFE0 / 4] = 6;
  nfc_errata[0xFE8 / 4] = 0x30;
  check(uc_mem_map_ptr(chip.engine, FICR_BASE, PAGE_BYTES, UC_PROT_READ, factory), "FICR");
  check(uc_mem_map_ptr(chip.engine, UICR_BASE, PAGE_BYTES, UC_PROT_READ | UC_PROT_WRITE, user), "UICR");
  check(uc_mem_map_ptr(chip.engine, 0xF0000000, PAGE_BYTES, UC_PROT_READ, nfc_errata), "ROM table");
  check(uc_mem_map_ptr(chip.engine, 0xE0001000, PAGE_BYTES, UC_PROT_READ | UC_PROT_WRITE, debug), "DWT");
}

// Where a handler returns to is caught; the engine itself does not know that it is in one.
static void map_exception_returns(void) {
  static uint8_t page[PAGE_BYTES];
  for (int i = 1; i < PAGE_BYTES; i += 2) page[i] = 0xBF;  // NOP
  check(uc_mem_map_ptr(chip.engine, 0xFFFFF000, PAGE_BYTES, UC_PROT_READ | UC_PROT_EXEC, page), "exception returns");
  add_hook(UC_HOOK_CODE, on_exception_return, 0xFFFFFFF0, 0xFFFFFFFF);
}

static void hook_waits(void) {
  for (uint32_t at = 0; at < APPLICATION_BASE; at += 2) {
    uint16_t instruction = (uint16_t)(chip.flash[at] | chip.flash[at + 1] << 8);
    if (instruction == WFE || instruction == WFI) add_hook(UC_HOOK_CODE, on_wait, at, at);
  }
}

void core_start(const char *image_path, bool has_softdevice) {
  chip.has_softdevice = has_softdevice;
  load(image_path);
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &chip.engine), "the engine");
  uc_ctl_set_cpu_model(chip.engine, UC_CPU_ARM_CORTEX_M4);
  check(uc_mem_map_ptr(chip.engine, 0, FLASH_BYTES, UC_PROT_READ | UC_PROT_EXEC, chip.flash), "flash");
  check(uc_mem_map_ptr(chip.engine, RAM_BASE, RAM_BYTES, UC_PROT_READ | UC_PROT_WRITE, chip.ram), "RAM");
  map_information();
  map_exception_returns();
  peripherals_map();
  gpio_map();
  exceptions_map();
  add_hook(UC_HOOK_BLOCK, on_block, 1, 0);
  add_hook(UC_HOOK_INTR, on_interrupt, 1, 0);
  add_hook(UC_HOOK_MEM_INVALID, on_bad_access, 1, 0);
  hook_waits();
  chip_power_on();
}

// Starts at the vector table, as after any reset.
void core_reset_processor(void) {
  uint32_t vectors[2];
  memcpy(vectors, chip.flash + (chip.has_softdevice ? 0 : APPLICATION_BASE), sizeof vectors);
  core_set_register(UC_ARM_REG_PRIMASK, 0);
  core_set_register(UC_ARM_REG_BASEPRI, 0);
  core_set_register(UC_ARM_REG_CONTROL, 0);
  core_set_register(UC_ARM_REG_SP, vectors[0]);
  core_set_register(UC_ARM_REG_LR, 0xFFFFFFFF);
  core_set_register(UC_ARM_REG_PC, vectors[1]);
  chip.sleeping = chip.event = chip.hung = svc_requested = false;
  chip.awake_since = chip.now;
  variables_reset();
  wait_instruction = 0;
}

// ---- The run loop.

// Begins anew to look how deep the stack goes, how many variables are used, and how long the processor is awake.
void core_forget_extremes(void) {
  chip.lowest = chip.lowest_in_thread = chip.stack_top;
  chip.most_variables = chip.most_at_rest = 0;
  chip.longest_awake = 0;
}

// Sleeps until something happens: WFE, or the SoftDevice's call for it.
void core_sleep(void) {
  variables_look(true);
  chip.sleeping = true;
  uc_emu_stop(chip.engine);
}

// Flash is busy and the processor with it; the peripherals go on.
void core_halt(uint64_t microseconds, uint64_t *account) {
  uint64_t cycles = microseconds * CYCLES_PER_MICROSECOND;
  chip.now += cycles;
  *account += cycles;
}

static void sleep_until(uint64_t time) {
  uint64_t cycles = time > chip.now ? time - chip.now : 1;
  uint64_t awake = chip.now - chip.awake_since;
  if (awake > chip.longest_awake) chip.longest_awake = awake;
  chip.now += cycles;
  chip.awake_since = chip.now;
  chip.ledger.asleep += cycles;
  // It counts the processor's cycles.
  alarm_delay(ALARM_SYSTICK, cycles);
  watchdog_slept(cycles);
}

static void hang_until(uint64_t time) {
  chip.ledger.active += time - chip.now;
  chip.now = time;
}

static void finish_wait(void) {
  core_set_register(UC_ARM_REG_PC, (core_register(UC_ARM_REG_PC) + 2) | 1);
  chip.sleeping = wait_instruction == WFI || !chip.event;
  chip.event = false;
  wait_instruction = 0;
}

static void execute(void) {
  uint32_t pc = core_register(UC_ARM_REG_PC);
  if (!is_exception_return(pc)) {
    uc_err error = uc_emu_start(chip.engine, pc | 1, 0xFFFFFFFF, 0, 0);
    if (error != UC_ERR_OK) fault_in_code(uc_strerror(error));
    pc = core_register(UC_ARM_REG_PC);
  }
  if (is_exception_return(pc) && !chip.fault[0]) exception_leave();
  if (wait_instruction) finish_wait();
  if (svc_requested) {
    svc_requested = false;
    exception_enter(SVCALL);
  }
}

static void run_to(uint64_t target) {
  while (chip.now < target && !chip.fault[0] && !report_has_stopped()) {
    alarms_ring(target);
    if (chip.reset_request >= 0) {
      chip_reset(chip.reset_request);
      continue;
    }
    if (chip.hung) {
      hang_until(chip.deadline < target ? chip.deadline : target);
      continue;
    }
    if (chip.sleeping) {
      if (!chip.event && !exceptions_pending()) {
        sleep_until(chip.deadline < target ? chip.deadline : target);
        continue;
      }
      chip.sleeping = chip.event = false;
    }
    if (!exceptions_deliver() && exceptions_pending() && chip.now + MASKED_POLL_CYCLES < chip.deadline)
      chip.deadline = chip.now + MASKED_POLL_CYCLES;
    execute();
  }
}

void core_run(uint64_t cycles) {
  bool was_well = !chip.fault[0];
  run_to(chip.now + cycles);
  if (was_well && chip.fault[0]) {
    report_begin("fault");
    report_text("message", chip.fault);
    report_backtrace();
    report_end();
  }
}
