/** A coin cell. */

/**
 * Espruino counts 2.2 V as 0 and 2.8 V as 100. Of a CR2032 some 7 percent are left at 2.6 V (discharge curve at
 * 15 kilohms in Energizer's data sheet), which is about two weeks.
 */
export const LOW_BATTERY = 66;
