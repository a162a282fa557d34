/** A board without a screen. */

export function screen(_text: number, _quarters: number): void {}
