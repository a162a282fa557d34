import { expect, test } from "vitest";
import { type OpenRadio, SharedRadio } from "../../../companion/desk/shared-radio.ts";
import { Failure } from "../../../companion/failure.ts";

test("one that came to be needed while another failed to start is switched off, too, and never on twice", async () => {
  let fail = (_error: Failure): void => {};
  let opened = 0;
  let isOn = 0;
  const radio = new SharedRadio(async () => {
    if (++opened === 1) {
      await new Promise((_, reject) => {
        fail = reject;
      });
    }
    isOn++;
    return {
      links: async function* () {},
      close: async () => void isOn--,
    } satisfies OpenRadio;
  });
  const ended = radio.get();
  await Promise.resolve();
  void radio.close();
  const needed = radio.get();
  fail(new Failure("bluetooth-off", "Bluetooth is switched off; switch it on."));
  await expect(ended).rejects.toMatchObject({ code: "bluetooth-off" });
  await needed;
  await radio.get();
  expect([opened, isOn]).toEqual([2, 1]);
  await radio.close();
  expect(isOn).toBe(0);
});
