// The command loop: `chip LEVEL IMAGE STACK_LIMIT STACK_TOP SEED`, then one command a line; see chip.ts. Each is answered by
// its events and one line {"event":"done",…}.
#include "chip.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 8192, BUTTON = 0 };

// Bytes written in hex; how many.
static uint32_t bytes_from(const char *text, uint8_t *bytes, uint32_t room) {
  uint32_t count = 0;
  unsigned value;
  while (count < room && sscanf(text + 2 * count, "%2x", &value) == 1 && text[2 * count + 1] > ' ')
    bytes[count++] = (uint8_t)value;
  return count;
}

static void command_run(const char *line) {
  double milliseconds = 0;
  char event[32] = "";
  sscanf(line, "%lf %31s", &milliseconds, event);
  report_stop_at(event);
  core_run((uint64_t)(milliseconds * CYCLES_PER_MILLISECOND));
  report_stop_at("");
}

static void command_reset(const char *line) {
  if (strncmp(line, "power", 5) == 0) chip_power_on();
  else chip_reset(strncmp(line, "soft", 4) == 0 ? SREQ : RESETPIN);
}

// packet MILLISECONDS RSSI PDU_TYPE ADDRESS DATA
static bool command_packet(const char *line) {
  double delay;
  int rssi, type;
  char address[16], data[72] = "";
  if (sscanf(line, "%lf %d %d %15s %71s", &delay, &rssi, &type, address, data) < 4) return false;
  struct packet packet = {.neighbour = -1, .rssi = (int8_t)rssi, .pdu_type = (uint8_t)type};
  bytes_from(address, packet.address, sizeof packet.address);
  packet.length = (uint8_t)bytes_from(data, packet.data, sizeof packet.data);
  return air_inject((uint64_t)(delay * CYCLES_PER_MILLISECOND), &packet);
}

// fail NAME CODE TIMES AFTER
static bool command_fail(const char *line) {
  char name[64];
  unsigned code;
  int times, after;
  if (sscanf(line, "%63s %u %d %d", name, &code, &times, &after) != 4 || call_number(name) < 0) return false;
  calls_fail_next(call_number(name), code, times, after);
  return true;
}

// call NUMBER A B C D, in hex
static void command_call(const char *line) {
  unsigned number = 0, a[4] = {0};
  sscanf(line, "%u %x %x %x %x", &number, &a[0], &a[1], &a[2], &a[3]);
  uint32_t result = call_in_place(number, a);
  report_begin("called");
  report_integer("result", result);
  report_end();
}

// rules NAME ARGUMENTS: what level A's rules say, to be compared with S132 itself.
static void command_rules(const char *line) {
  uint8_t bytes[64];
  unsigned a[5] = {0};
  char name[16] = "";
  int used = 0;
  sscanf(line, "%15s %n", name, &used);
  sscanf(line + used, "%u %u %u %u %u", &a[0], &a[1], &a[2], &a[3], &a[4]);
  uint32_t result = 0, length = bytes_from(line + used, bytes, sizeof bytes);
  if (strcmp(name, "data") == 0) result = refused_advertising_data(bytes, length, false);
  else if (strcmp(name, "response") == 0) result = refused_advertising_data(bytes, length, true);
  else if (strcmp(name, "advertising") == 0) result = refused_advertising(a[0], a[1], a[2], a[3], a[4]);
  else if (strcmp(name, "scan") == 0) result = refused_scan(a[0], a[1], a[2]);
  else if (strcmp(name, "address") == 0) result = refused_address(a[0], a[1], a[2]);
  report_begin("called");
  report_integer("result", (int32_t)result);
  report_end();
}

static void command_poke(const char *line) {
  uint8_t bytes[LINE_BYTES / 2];
  unsigned address;
  int used = 0;
  if (sscanf(line, "%x %n", &address, &used) == 1)
    memory_write(address, bytes, bytes_from(line + used, bytes, sizeof bytes));
}

static void command_memory(const char *line) {
  unsigned address, length;
  if (sscanf(line, "%x %u", &address, &length) != 2) return;
  uint8_t *bytes = malloc(length);
  memory_read(address, bytes, length);
  report_begin("memory");
  report_bytes("data", bytes, length);
  report_end();
  free(bytes);
}

static void command_save(char *line) {
  line[strcspn(line, "\n")] = 0;
  FILE *file = fopen(line, "wb");
  if (!file) return;
  fwrite(chip.flash, 1, FLASH_BYTES, file);
  fclose(file);
}

static double seconds(uint64_t cycles) {
  return (double)cycles / CYCLES_PER_SECOND;
}

static void command_ledger(void) {
  uint64_t transmitting = 0;
  for (int i = 0; i < RADIO_CHANNELS; i++) transmitting += chip.ledger.transmitting[i];
  if (!chip.has_softdevice) softdevice_account();
  report_begin("ledger");
  report_number("active", seconds(chip.ledger.active));
  report_number("asleep", seconds(chip.ledger.asleep));
  report_number("erasing", seconds(chip.ledger.erasing));
  report_number("writing", seconds(chip.ledger.writing));
  report_number("receiving", seconds(chip.ledger.receiving));
  report_number("transmitting", seconds(transmitting));
  report_number("channel37", seconds(chip.ledger.transmitting[37]));
  report_number("channel38", seconds(chip.ledger.transmitting[38]));
  report_number("channel39", seconds(chip.ledger.transmitting[39]));
  report_number("scanning", seconds(chip.ledger.scanning));
  report_integer("advertisingEvents", (long long)chip.ledger.advertising_events);
  report_end();
}

static bool command_write(const char *line) {
  uint8_t bytes[LINE_BYTES / 2];
  return link_write(bytes, bytes_from(line, bytes, sizeof bytes));
}

// variables ADDRESS COUNT FIRST_EMPTY: where the interpreter's are, in hex but for the count.
static void command_variables(const char *line) {
  unsigned address, count, first_empty;
  if (sscanf(line, "%x %u %x", &address, &count, &first_empty) == 3) variables_watch(address, count, first_empty);
}

static void command_neighbours(const char *line) {
  int count = 0, rssi = -60;
  sscanf(line, "%d %d", &count, &rssi);
  air_set_neighbours(count, rssi);
}

// lights RED GREEN BLUE: the pins; -1 without
static void command_lights(const char *line) {
  int red = -1, green = -1, blue = -1;
  sscanf(line, "%d %d %d", &red, &green, &blue);
  gpio_set_lights(red, green, blue);
}

static void done(bool is_well) {
  report_begin("done");
  report_boolean("well", is_well);
  report_integer("stack", chip.stack_top - chip.lowest);
  report_integer("threadStack", chip.stack_top - chip.lowest_in_thread);
  report_integer("variables", chip.most_variables);
  report_integer("variablesAtRest", chip.most_at_rest);
  report_number("awake", seconds(chip.longest_awake));
  report_number("active", seconds(chip.ledger.active));
  report_boolean("advertising", radio_use.advertising);
  report_boolean("scanning", radio_use.scanning);
  report_boolean("connected", radio_use.connected);
  report_integer("dcdc", REGISTER(POWER_DCDCEN));
  report_integer("gpregret", REGISTER(POWER_GPREGRET));
  report_integer("resetreas", REGISTER(POWER_RESETREAS));
  report_text("fault", chip.fault);
  report_end();
  fflush(stdout);
}

// False for a command that is not known, or could not be done.
static bool obey(char *line) {
  char name[16] = "";
  int used = 0;
  sscanf(line, "%15s %n", name, &used);
  char *rest = line + used;
  if (strcmp(name, "run") == 0) command_run(rest);
  else if (strcmp(name, "button") == 0) gpio_set_input(BUTTON, atoi(rest));
  else if (strcmp(name, "lights") == 0) command_lights(rest);
  else if (strcmp(name, "battery") == 0) set_battery((uint32_t)atoi(rest));
  else if (strcmp(name, "reset") == 0) command_reset(rest);
  else if (strcmp(name, "neighbours") == 0) command_neighbours(rest);
  else if (strcmp(name, "packet") == 0) return command_packet(rest);
  else if (strcmp(name, "trace") == 0) air_is_traced = atoi(rest);
  else if (strcmp(name, "fail") == 0) return command_fail(rest);
  else if (strcmp(name, "failflash") == 0) softdevice_fail_flash(atoi(rest));
  else if (strcmp(name, "connect") == 0) return link_connect();
  else if (strcmp(name, "mtu") == 0) link_exchange_mtu((uint32_t)atoi(rest));
  else if (strcmp(name, "subscribe") == 0) link_subscribe();
  else if (strcmp(name, "write") == 0) return command_write(rest);
  else if (strcmp(name, "disconnect") == 0) link_disconnect((uint8_t)atoi(rest));
  else if (strcmp(name, "forget") == 0) core_forget_extremes();
  else if (strcmp(name, "variables") == 0) command_variables(rest);
  else if (strcmp(name, "hang") == 0) chip.hung = true;
  else if (strcmp(name, "ledger") == 0) command_ledger();
  else if (strcmp(name, "calls") == 0) calls_report();
  else if (strcmp(name, "call") == 0) command_call(rest);
  else if (strcmp(name, "rules") == 0) command_rules(rest);
  else if (strcmp(name, "poke") == 0) command_poke(rest);
  else if (strcmp(name, "memory") == 0) command_memory(rest);
  else if (strcmp(name, "save") == 0) command_save(rest);
  else return false;
  return true;
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: chip LEVEL IMAGE STACK_LIMIT STACK_TOP SEED\n");
    return 1;
  }
  chip.stack_limit = (uint32_t)strtoul(arguments[3], NULL, 0);
  chip.stack_top = (uint32_t)strtoul(arguments[4], NULL, 0);
  chip.lowest = chip.lowest_in_thread = chip.stack_top;
  chip.reset_request = -1;
  random_seed(strtoull(arguments[5], NULL, 0));
  core_start(arguments[2], strcmp(arguments[1], "radio") == 0);
  char line[LINE_BYTES];
  while (fgets(line, sizeof line, stdin)) done(obey(line));
  return 0;
}
