/** Three LEDs, named LED1 to LED3 by Espruino, in the order of the colours. */

const lights = [LED1, LED2, LED3];

export function light(colour: number, on: boolean): void {
  (lights[colour] as Led).write(on);
}
