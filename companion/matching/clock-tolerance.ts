/**
 * How far apart the clocks of broadcaster and receiver may be, in intervals: 2 hours. Source: google/exposure-notifications-internals,
 * tracing parameters.
 */
export const CLOCK_TOLERANCE = 12;
