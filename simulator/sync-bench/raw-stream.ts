/**
 * A peripheral that sends as many notifications as it is asked for, as fast as bleno takes them: what the real stack can
 * do at best.
 *
 * Usage: node raw-stream.js ADAPTER. A request is a uint32, the number of notifications.
 *
 * @module
 */
import { type UpdateValueCallback, withBindings } from "@stoprocent/bleno";
import { hciOptionsOf } from "../../companion/bluetooth/adapter-name.ts";
import {
  REQUEST_CHARACTERISTIC,
  RESPONSE_CHARACTERISTIC,
  SYNC_SERVICE,
  syncPayload,
} from "../../protocol/service.ts";

const NOTIFICATION_BYTES = 50;

process.env["BLENO_DEVICE_NAME"] = "raw";
const bleno = withBindings("hci", hciOptionsOf(process.argv[2] ?? "0"));
const { Characteristic, PrimaryService } = bleno;
let notify: UpdateValueCallback = () => {};
await bleno.waitForPoweredOnAsync();
await bleno.setServicesAsync([
  new PrimaryService({
    uuid: SYNC_SERVICE,
    characteristics: [
      new Characteristic({
        uuid: REQUEST_CHARACTERISTIC,
        properties: ["write"],
        onWriteRequest: (_handle, data, _offset, _withoutResponse, answer) => {
          answer(Characteristic.RESULT_SUCCESS);
          const value = Buffer.alloc(NOTIFICATION_BYTES);
          for (let left = data.readUInt32LE(); left > 0; left--) notify(value);
        },
      }),
      new Characteristic({
        uuid: RESPONSE_CHARACTERISTIC,
        properties: ["notify"],
        onSubscribe: (_handle, _size, update) => {
          notify = update;
        },
      }),
    ],
  }),
]);
await bleno.startAdvertisingWithEIRDataAsync(Buffer.from(syncPayload()));
console.log("ready");
