// Calls of the SoftDevice on the driver's behalf, to find out what it answers.
#include "chip.h"
#include <string.h>

enum { BRANCH_TO_ITSELF = 0xE7FE, SVC_OPCODE = 0xDF00 };

// Calls the SoftDevice as the application could from thread mode while it sleeps. Its stack is the unused part of the
// application's.
uint32_t call_in_place(uint32_t number, const uint32_t arguments[4]) {
  if (!chip.has_softdevice) return softdevice_answer((int)number, arguments);
  enum { STUB = FLASH_BYTES - 16, STACK_BYTES = 2048, LONGEST_MILLISECONDS = 1000 };
  const int ids[] = {UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3};
  const uint16_t code[] = {(uint16_t)(SVC_OPCODE | number), BRANCH_TO_ITSELF};
  uc_context *context;
  uc_context_alloc(chip.engine, &context);
  uc_context_save(chip.engine, context);
  struct handler_mode handlers = exceptions_suspend();
  bool was_sleeping = chip.sleeping;
  chip.sleeping = false;
  uint32_t lowest = chip.lowest, lowest_in_thread = chip.lowest_in_thread;
  memcpy(chip.flash + STUB, code, sizeof code);
  uc_ctl_remove_cache(chip.engine, STUB, STUB + sizeof code);
  for (int i = 0; i < 4; i++) core_set_register(ids[i], arguments[i]);
  core_set_register(UC_ARM_REG_SP, chip.stack_limit + STACK_BYTES);
  core_set_register(UC_ARM_REG_PC, STUB | 1);
  uint32_t result = UINT32_MAX;
  for (int i = 0; i < 10 * LONGEST_MILLISECONDS && !chip.fault[0]; i++) {
    core_run(CYCLES_PER_MILLISECOND / 10);
    if (in_exception() || (core_register(UC_ARM_REG_PC) & ~1u) != STUB + 2) continue;
    result = core_register(UC_ARM_REG_R0);
    break;
  }
  uc_context_restore(chip.engine, context);
  uc_context_free(context);
  exceptions_resume(&handlers);
  chip.sleeping = was_sleeping;
  chip.lowest = lowest;
  chip.lowest_in_thread = lowest_in_thread;
  return result;
}
