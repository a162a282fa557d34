/**
 * A crowd around a token on the real interpreter: neighbours that all send, each under an identifier that it
 * changes every 15 minutes, at a moment of its own.
 *
 * @module
 */
import { crc32 } from "node:zlib";

const PERIOD_SECONDS = 900;
const STEP_SECONDS = 37;
const STRONGEST = -40;
const LEVELS = 50;

/**
 * What a script runs to have a crowd: from then on each scan hears the neighbours 0 to `crowd` - 1 (0 at
 * first), and records `heard` with their number.
 */
export const CROWD = `
  var crowd = 0;
  function beacon(neighbour) {
    var period = Math.floor((virtualNow + ${STEP_SECONDS} * neighbour) / ${PERIOD_SECONDS});
    var word = E.CRC32(neighbour + "," + period);
    var data = new Uint8Array(28);
    data.set([3, 3, 0x6f, 0xfd, 23, 0x16, 0x6f, 0xfd]);
    data.set(new Uint8Array(new Uint32Array([word, ~word, neighbour, period, word]).buffer), 8);
    receive(${STRONGEST} - neighbour % ${LEVELS}, data);
  }
  onScan = function () {
    if (crowd) record("heard", crowd);
    for (var neighbour = 0; neighbour < crowd; neighbour++) beacon(neighbour);
  };`;

/** What neighbour `neighbour` sends at a moment: its RSSI in dBm, RPI and AEM (20 bytes). */
export function crowdBeacon(
  neighbour: number,
  unixSeconds: number,
): { rssi: number; bytes: Uint8Array } {
  const period = Math.floor((unixSeconds + STEP_SECONDS * neighbour) / PERIOD_SECONDS);
  const word = crc32(`${neighbour},${period}`);
  const data = new Uint32Array([word, ~word, neighbour, period, word]);
  return { rssi: STRONGEST - (neighbour % LEVELS), bytes: new Uint8Array(data.buffer) };
}
