/** One button, named BTN by Espruino. */

export function onButton(action: (pressed: boolean) => void): void {
  setWatch((event) => action(event.state), BTN, { repeat: true, edge: "both", debounce: 25 });
}
