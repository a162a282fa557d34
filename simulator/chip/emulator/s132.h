// Facts of S132 3.1.0's public headers: numbers of its calls, error codes, and where its structures have what.
#pragma once
#include "softdevice-calls.h"

enum {
#define CALL(number, name) name = number,
  SOFTDEVICE_CALLS(CALL)
#undef CALL
};

// nrf_error.h, ble_err.h, ble_gap.h.
enum {
  SUCCESS = 0x00,
  NO_MEMORY = 0x04,
  NOT_FOUND = 0x05,
  NOT_SUPPORTED = 0x06,
  INVALID_PARAMETER = 0x07,
  INVALID_STATE = 0x08,
  INVALID_LENGTH = 0x09,
  INVALID_FLAGS = 0x0A,
  INVALID_DATA = 0x0B,
  DATA_SIZE = 0x0C,
  INVALID_POINTER = 0x10,
  BUSY = 0x11,
  NO_TX_PACKETS = 0x3004,
  UUID_LIST_MISMATCH = 0x3200,
  INVALID_ADDRESS = 0x3202,
  // Not a code: the call never returns.
  HANGS = -1,
};

// nrf_soc.h: events of sd_evt_get.
enum { EVENT_FLASH_SUCCESS = 2, EVENT_FLASH_ERROR = 3 };

// ble_gap_adv_params_t.
enum { ADVERTISING_TYPE = 0, ADVERTISING_INTERVAL = 10, ADVERTISING_TIMEOUT = 12 };
enum { CONNECTABLE = 0, DIRECTED = 1, SCANNABLE = 2, NON_CONNECTABLE = 3 };

// ble_gap_scan_params_t.
enum { SCAN_INTERVAL = 2, SCAN_WINDOW = 4, SCAN_TIMEOUT = 6 };

// ble_evt_t: what it is, the length behind the header, the connection, and what depends on the kind.
enum { EVENT_LENGTH = 2, EVENT_HEADER = 4, EVENT_CONNECTION = 4, EVENT_BODY = 8 };
