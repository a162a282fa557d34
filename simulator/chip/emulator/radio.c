// RADIO (product specification, chapter 23): its states, and packets to and from the air.
#include "chip.h"

enum { DISABLED = 0, RX_RAMP = 1, RX_IDLE = 2, RX = 3, RX_DISABLE = 4, TX_RAMP = 9, TX_IDLE = 10, TX = 11, TX_DISABLE = 12 };
// Microseconds (section 23.15): ramp-up, the fast one, disabling; preamble and address; one byte at 1 Mbit/s.
enum { RAMP = 140, FAST_RAMP = 40, RX_DISABLE_TIME = 1, TX_DISABLE_TIME = 6, ADDRESS_TIME = 40, BYTE_TIME = 8 };
enum { HEADER_BYTES = 2, CRC_BYTES = 3, ADDRESS_BYTES = 6, LENGTH_BITS = 0x3F };
// In RAM there is a byte of S1 between header and payload, as S132 configures it.
enum { STORED_HEADER = 3 };
enum { RANDOM_ADDRESS = 0x40 };
enum shorts {
  READY_START = 1 << 0,
  END_DISABLE = 1 << 1,
  DISABLED_TXEN = 1 << 2,
  DISABLED_RXEN = 1 << 3,
  ADDRESS_RSSISTART = 1 << 4,
  END_START = 1 << 5,
};

static int state;
static uint64_t since;
static struct packet incoming;
static bool is_receiving;

// The channel by its frequency (Bluetooth core specification, volume 6, part B, 1.4.1).
static int channel(void) {
  int frequency = (int)(REGISTER(RADIO_FREQUENCY) & 0x7F);
  if (frequency == 2) return 37;
  if (frequency == 26) return 38;
  if (frequency == 80) return 39;
  return frequency < 26 ? frequency / 2 - 2 : frequency / 2 - 3;
}

// Enters a state; the time in the one before goes to the ledger.
static void enter(int next) {
  uint64_t spent = chip.now - since;
  if (state >= TX_RAMP) chip.ledger.transmitting[channel()] += spent;
  else if (state >= RX_RAMP) chip.ledger.receiving += spent;
  if (state == RX && next != RX) air_deafen();
  since = chip.now;
  state = next;
  REGISTER(RADIO_STATE) = (uint32_t)next;
}

void radio_reset(void) {
  enter(DISABLED);
  is_receiving = false;
}

static bool has_short(enum shorts which) {
  return REGISTER(RADIO_SHORTS) & which;
}

static void cancel_all(void) {
  alarm_cancel(ALARM_RADIO_READY);
  alarm_cancel(ALARM_RADIO_ADDRESS);
  alarm_cancel(ALARM_RADIO_END);
  alarm_cancel(ALARM_RADIO_DISABLED);
  is_receiving = false;
}

static void start(void);
static void disable(void);
static void ramp_up(int next);

static void disabled(void) {
  enter(DISABLED);
  peripheral_event(RADIO_DISABLED);
  if (has_short(DISABLED_TXEN)) ramp_up(TX_RAMP);
  else if (has_short(DISABLED_RXEN)) ramp_up(RX_RAMP);
}

static void ready(void) {
  enter(state == TX_RAMP ? TX_IDLE : RX_IDLE);
  peripheral_event(RADIO_READY);
  if (has_short(READY_START)) start();
}

static void address_passed(void) {
  peripheral_event(RADIO_ADDRESS);
  if (has_short(ADDRESS_RSSISTART)) peripheral_event(RADIO_RSSIEND);
}

static void store_incoming(void) {
  uint8_t stored[STORED_HEADER + ADDRESS_BYTES] = {(uint8_t)(RANDOM_ADDRESS | incoming.pdu_type),
                                                   (uint8_t)(ADDRESS_BYTES + incoming.length)};
  for (int i = 0; i < ADDRESS_BYTES; i++) stored[STORED_HEADER + i] = incoming.address[ADDRESS_BYTES - 1 - i];
  uint32_t at = REGISTER(RADIO_PACKETPTR);
  memory_write(at, stored, sizeof stored);
  memory_write(at + sizeof stored, incoming.data, incoming.length);
  REGISTER(RADIO_CRCSTATUS) = 1;
}

static void ended(void) {
  if (is_receiving) store_incoming();
  is_receiving = false;
  enter(state == TX ? TX_IDLE : RX_IDLE);
  peripheral_event(RADIO_PAYLOAD);
  peripheral_event(RADIO_END);
  if (has_short(END_DISABLE)) disable();
  else if (has_short(END_START)) start();
}

// A packet's first bit has reached the antenna.
static void receive(const struct packet *packet) {
  incoming = *packet;
  is_receiving = true;
  REGISTER(RADIO_RSSISAMPLE) = (uint32_t)-packet->rssi;
  if (air_is_traced) {
    report_begin("received");
    report_integer("channel", channel());
    report_integer("neighbour", packet->neighbour);
    report_bytes("address", packet->address, ADDRESS_BYTES);
    report_bytes("data", packet->data, packet->length);
    report_end();
  }
  uint32_t bytes = HEADER_BYTES + ADDRESS_BYTES + packet->length + CRC_BYTES;
  alarm_after(ALARM_RADIO_ADDRESS, ADDRESS_TIME, address_passed);
  alarm_after(ALARM_RADIO_END, ADDRESS_TIME + bytes * BYTE_TIME, ended);
}

static void transmit(void) {
  uint32_t at = REGISTER(RADIO_PACKETPTR), length = memory_byte(at + 1) & LENGTH_BITS;
  if (air_is_traced) {
    uint8_t payload[64], address[ADDRESS_BYTES];
    memory_read(at + STORED_HEADER, payload, length);
    for (int i = 0; i < ADDRESS_BYTES; i++) address[i] = payload[ADDRESS_BYTES - 1 - i];
    report_begin("transmitted");
    report_integer("channel", channel());
    report_integer("pdu", memory_byte(at) & 0xF);
    report_boolean("random", memory_byte(at) & RANDOM_ADDRESS);
    report_integer("power", (int8_t)REGISTER(RADIO_TXPOWER));
    report_bytes("address", address, ADDRESS_BYTES);
    report_bytes("data", payload + ADDRESS_BYTES, length > ADDRESS_BYTES ? length - ADDRESS_BYTES : 0);
    report_end();
  }
  alarm_after(ALARM_RADIO_ADDRESS, ADDRESS_TIME, address_passed);
  alarm_after(ALARM_RADIO_END, ADDRESS_TIME + (HEADER_BYTES + length + CRC_BYTES) * BYTE_TIME, ended);
}

static void start(void) {
  if (state == TX_IDLE) {
    enter(TX);
    transmit();
  } else if (state == RX_IDLE) {
    enter(RX);
    air_listen(channel(), receive);
  }
}

static void ramp_up(int next) {
  cancel_all();
  enter(next);
  alarm_after(ALARM_RADIO_READY, REGISTER(RADIO_MODECNF0) & 1 ? FAST_RAMP : RAMP, ready);
}

static void disable(void) {
  if (state == DISABLED) return;
  cancel_all();
  bool transmits = state >= TX_RAMP;
  enter(transmits ? TX_DISABLE : RX_DISABLE);
  alarm_after(ALARM_RADIO_DISABLED, transmits ? TX_DISABLE_TIME : RX_DISABLE_TIME, disabled);
}

static void stop(void) {
  cancel_all();
  if (state == TX) enter(TX_IDLE);
  if (state == RX) enter(RX_IDLE);
}

bool radio_write(uint32_t address, uint32_t value) {
  if (address == RADIO_POWER && value == 0) {
    cancel_all();
    enter(DISABLED);
  }
  if (address < RADIO_TXEN || address > RADIO_LAST_TASK || value == 0) return false;
  switch (address) {
    case RADIO_TXEN: ramp_up(TX_RAMP); break;
    case RADIO_RXEN: ramp_up(RX_RAMP); break;
    case RADIO_START: start(); break;
    case RADIO_STOP: stop(); break;
    case RADIO_DISABLE: disable(); break;
    case RADIO_RSSISTART: peripheral_event(RADIO_RSSIEND); break;
    default: break;
  }
  return true;
}
