/** One LED, named LED1 by Espruino: signals differ by number and length alone. */

export function light(_colour: number, on: boolean): void {
  LED1.write(on);
}
