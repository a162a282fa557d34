/** A rechargeable battery. */

/** Its wearer charges it at home: a day or two, which a fifth of it lasts, is warning enough. */
export const LOW_BATTERY = 20;
