// Who else is on air: neighbours that advertise as phones do, and packets that the driver injects.
#include "chip.h"
#include <string.h>

enum { MOST_NEIGHBOURS = 512, MOST_INJECTED = 4096 };
// Milliseconds: the advertising interval and its random delay (core specification, volume 6, part B, 4.4.2.2.1).
enum { PERIOD = 270, JITTER = 10 };
// Microseconds from a packet to the next on another channel.
enum { CHANNEL_DISTANCE = 400, FIRST_ADVERTISING_CHANNEL = 37 };
// Seconds: how long an RPI is used.
enum { SHORTEST_ROTATION = 600, LONGEST_ROTATION = 1200 };
enum { RSSI_SPREAD = 5, RPI_BYTES = 20 };

struct neighbour {
  // The start of its next packets, and when it takes another address and RPI.
  uint64_t next;
  uint64_t rotation;
  struct packet packet;
};

static struct neighbour neighbours[MOST_NEIGHBOURS];
static struct {
  uint64_t at;
  struct packet packet;
} injected[MOST_INJECTED];
static int neighbour_count, injected_count, first_neighbour_rssi;
static int listening_channel;
static void (*receiver)(const struct packet *packet);
static const struct packet *coming;

bool air_is_traced;

// A fresh address and RPI, in the payload that phones send.
static void rotate(struct neighbour *neighbour) {
  static const uint8_t HEAD[] = {2, 1, 0x1A, 3, 3, 0x6F, 0xFD, 23, 0x16, 0x6F, 0xFD};
  struct packet *packet = &neighbour->packet;
  for (int i = 0; i < 6; i++) packet->address[i] = (uint8_t)random_next();
  packet->address[0] |= 0xC0;
  memcpy(packet->data, HEAD, sizeof HEAD);
  for (int i = 0; i < RPI_BYTES; i++) packet->data[sizeof HEAD + (size_t)i] = (uint8_t)random_next();
  packet->length = sizeof HEAD + RPI_BYTES;
  uint64_t seconds = SHORTEST_ROTATION + random_below(LONGEST_ROTATION - SHORTEST_ROTATION);
  neighbour->rotation = neighbour->next + seconds * CYCLES_PER_SECOND;
}

static void advance(struct neighbour *neighbour) {
  uint64_t jitter = random_below(JITTER * 1000) * CYCLES_PER_MICROSECOND;
  neighbour->next += PERIOD * CYCLES_PER_MILLISECOND + jitter;
  if (neighbour->next >= neighbour->rotation) rotate(neighbour);
  neighbour->packet.rssi = (int8_t)(first_neighbour_rssi - (int)random_below(RSSI_SPREAD));
}

// Brings a neighbour from the past to its last packets before a moment, without living through all.
static void catch_up(struct neighbour *neighbour, uint64_t moment) {
  uint64_t period = (PERIOD + JITTER / 2) * CYCLES_PER_MILLISECOND;
  if (neighbour->next + 2 * period >= moment) return;
  neighbour->next += (moment - neighbour->next) / period * period - period;
}

static void listen_on(uint64_t from);

void air_set_neighbours(int count, int rssi) {
  neighbour_count = count < MOST_NEIGHBOURS ? count : MOST_NEIGHBOURS;
  first_neighbour_rssi = rssi;
  for (int i = 0; i < neighbour_count; i++) {
    neighbours[i].next = chip.now + random_below(PERIOD * 1000) * CYCLES_PER_MICROSECOND;
    neighbours[i].packet.neighbour = i;
    neighbours[i].packet.pdu_type = ADV_NONCONN_IND;
    neighbours[i].packet.rssi = (int8_t)rssi;
    rotate(&neighbours[i]);
  }
  listen_on(chip.now);
}

// False when too many are to come already.
bool air_inject(uint64_t delay, const struct packet *packet) {
  if (injected_count == MOST_INJECTED) return false;
  injected[injected_count].at = chip.now + delay;
  injected[injected_count++].packet = *packet;
  listen_on(chip.now);
  return true;
}

static void arrive(void) {
  struct packet packet = *coming;
  void (*receive)(const struct packet *) = receiver;
  coming = NULL;
  // Whoever hears several one after another listens again.
  if (chip.has_softdevice) receiver = NULL;
  receive(&packet);
  if (receiver) listen_on(chip.now + 1);
}

// Sets the alarm to the next packet on the channel that begins at `from` or later.
static void listen_on(uint64_t from) {
  alarm_cancel(ALARM_AIR);
  if (!receiver) return;
  uint64_t offset = (uint64_t)(listening_channel - FIRST_ADVERTISING_CHANNEL) * CHANNEL_DISTANCE * CYCLES_PER_MICROSECOND;
  uint64_t first = NEVER;
  for (int i = 0; i < neighbour_count; i++) {
    catch_up(&neighbours[i], from);
    while (neighbours[i].next + offset < from) advance(&neighbours[i]);
    if (neighbours[i].next + offset >= first) continue;
    first = neighbours[i].next + offset;
    coming = &neighbours[i].packet;
  }
  for (int i = 0; i < injected_count;) {
    if (injected[i].at + offset < from) {
      injected[i] = injected[--injected_count];
      continue;
    }
    if (injected[i].at + offset < first) {
      first = injected[i].at + offset;
      coming = &injected[i].packet;
    }
    i++;
  }
  if (first != NEVER) alarm_at(ALARM_AIR, first, arrive);
}

// Listens on an advertising channel from now on: at level B to one packet, at level A until it is told otherwise.
void air_listen(int channel, void (*receive)(const struct packet *packet)) {
  if (channel < FIRST_ADVERTISING_CHANNEL) return;
  listening_channel = channel;
  receiver = receive;
  listen_on(chip.now);
}

void air_deafen(void) {
  receiver = NULL;
  alarm_cancel(ALARM_AIR);
}
