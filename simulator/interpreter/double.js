// What a Puck.js has and Espruino for Linux has not, recorded; and virtual time. Runs on Espruino.
var services,
  watch,
  listeners = {};
var current;
var virtualNow = 0,
  timers = [],
  timerCount = 0;
var randomBytes = [],
  randomState = 1;
// What stands in the chip's registers, by address, and after how many seconds the watchdog would restart it.
var registers = {},
  watchdog;
// What a script may put in: called in each call that the firmware makes, and after each timer's.
var probe = () => {};
// What a script may put in: called once in each scan, to let packets come in.
var onScan = () => {};

// Printed at once, so that a long day takes no variables.
function record(call, argument) {
  probe();
  print("CALL " + JSON.stringify([call, argument, virtualNow]));
}

var NRF = {
  setAdvertising: (data, options) => {
    record("setAdvertising", { data: btoa(data), options: options });
  },
  setAddress: (address) => {
    record("setAddress", address);
  },
  restart: (callback) => {
    record("restart");
    callback();
  },
  setTxPower: (dBm) => {
    record("setTxPower", dBm);
  },
  setScan: (callback, options) => {
    record("setScan", options);
    listen(callback);
  },
  setServices: (data, options) => {
    services = data;
    record("setServices", options);
  },
  updateServices: (data) => {
    for (var service in data)
      for (var uuid in data[service]) record("notify", btoa(data[service][uuid].value));
  },
  sleep: () => {
    record("sleep");
  },
  wake: () => {
    record("wake");
  },
  disconnect: () => {
    record("disconnect");
  },
  nfcStop: () => {},
  setSecurity: () => {},
  on: (event, listener) => {
    listeners[event] = listener;
  },
};
// As Espruino does: where the handler stands, another one may be put in its place.
var isListening = false;
function listen(callback) {
  isListening = !!callback;
  if (callback) global["#onblescan"] = callback;
  else delete global["#onblescan"];
}
// A packet comes in, given by its RSSI in dBm and its advertising data.
function receive(rssi, data) {
  global["#onblescan"]({ rssi: rssi, id: "", data: data.buffer });
}
// The beacon of 20 bytes of RPI and AEM, in Android's form; before it, an iPhone's has flags.
function beaconOf(bytes, flags) {
  var data = new Uint8Array((flags ? 3 : 0) + 28);
  if (flags) data.set([2, 1, 0x1a]);
  data.set([3, 3, 0x6f, 0xfd, 23, 0x16, 0x6f, 0xfd], data.length - 28);
  data.set(bytes, data.length - 20);
  return data;
}
function led(name) {
  return {
    write: (on) => {
      record(name, !!on);
    },
  };
}
var LED1 = led("red"),
  LED2 = led("green"),
  LED3 = led("blue"),
  BTN = {};
var setWatch = (callback) => {
  watch = callback;
};
var getTime = () => virtualNow;
var setTime = (time) => {
  for (var i in timers) timers[i].at += time - virtualNow;
  virtualNow = time;
};
var setTimeout = (callback, milliseconds) => {
  probe();
  var timer = { id: ++timerCount, at: virtualNow + milliseconds / 1000, callback: callback };
  timers.push(timer);
  return timer.id;
};
var clearTimeout = (id) => {
  timers = timers.filter((timer) => timer.id !== id);
};
E.setConsole = (device, options) => {
  record("setConsole", { device: device, options: options });
};
// A script may put in its own.
var random = () => {
  randomState = (randomState * 1103515245 + 12345) & 0x7fffffff;
  return randomState >> 8;
};
// Keys and nonces are drawn into arrays, which pass themselves along.
E.hwRand = (_, index, bytes) => {
  probe();
  return bytes && randomBytes.length ? randomBytes.shift() : random();
};
E.getBattery = () => 80;
E.enableWatchdog = (seconds) => {
  watchdog = seconds;
};
E.kickWatchdog = () => {};
// Registers of the chip: on Linux there is nothing at their addresses.
var peek32 = (address) => registers[address] || 0;
var poke32 = (address, value) => {
  registers[address] = value;
};

// Flash of the Linux build: 1 kB pages at 0x10000000, in the place of a Puck.js's Storage.
var linuxFlash = require("Flash");
function moved(address) {
  return address < 0x10000000 ? address + 0x10000000 - 0x6c000 : address;
}
Modules.addCached("Flash", () => {
  exports.read = (length, address) => {
    probe();
    return linuxFlash.read(length, moved(address));
  };
  exports.write = (data, address) => {
    probe();
    linuxFlash.write(data, moved(address));
  };
  exports.erasePage = (address) => {
    var page = moved(address) & ~4095;
    for (var i = 0; i < 4096; i += 1024) linuxFlash.erasePage(page + i);
  };
});

var linuxCrypto = require("crypto");
Modules.removeCached("crypto");
Modules.addCached("crypto", () => {
  exports.SHA256 = (data) => {
    probe();
    return linuxCrypto.SHA256(data);
  };
  exports.AES = {
    encrypt: (data, key, options) => {
      probe();
      return linuxCrypto.AES.encrypt(data, key, options);
    },
  };
});

// Lets virtual time pass.
function advance(seconds) {
  var end = virtualNow + seconds;
  for (;;) {
    if (isListening) {
      isListening = false;
      onScan();
    }
    var next;
    for (var i in timers)
      if (timers[i].at <= end && (!next || timers[i].at < next.at)) next = timers[i];
    if (!next) break;
    clearTimeout(next.id);
    if (next.at > virtualNow) virtualNow = next.at;
    current = next.callback;
    current();
    probe();
    next = undefined;
  }
  virtualNow = end;
}

// Takes the battery out: all but flash is lost.
function powerOff() {
  virtualNow = 0;
  timers = [];
  services = watch = current = undefined;
  listeners = {};
  listen();
}

// Holds the button.
function press(seconds) {
  watch({ state: true });
  advance(seconds);
  watch({ state: false });
}

// A central writes.
function write(bytes) {
  for (var service in services)
    for (var uuid in services[service])
      if (services[service][uuid].onWrite)
        services[service][uuid].onWrite({ data: new Uint8Array(bytes).buffer });
}

// A desk connects, begins a session with both nonces known, and sends one request.
function visit(hello, tokenNonce, sealed, seconds) {
  listeners.connect();
  randomBytes = tokenNonce.concat(randomBytes);
  write(hello);
  write(sealed);
  advance(seconds);
  listeners.disconnect();
}

function report() {
  print("REPORT");
}
