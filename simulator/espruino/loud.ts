/**
 * Makes a model of an Espruino object fail loudly when it is asked for something it does not have.
 *
 * @param name - as the firmware knows it, such as `NRF`
 */
export function loud<T extends object>(name: string, model: T): T {
  return new Proxy(model, {
    get: (target, property) => {
      const value = target[property as keyof T];
      if (value !== undefined || property in target) return value;
      throw new Error(`The simulated Espruino has no ${name}.${String(property)}`);
    },
  });
}

/** Throws when `options` has a key that the model does not know. */
export function onlyKnown(call: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new Error(`The simulated ${call} does not know ${key}`);
  }
}
