/** Time as the capture keeps it. Monotonic marks measure, wall marks date; neither is ever computed from the other alone. */

/** Milliseconds of this process's monotonic clock (fractional). Only differences mean anything. */
export type MonotonicMs = number;
/** Milliseconds since 1970-01-01 UTC by this machine's wall clock. */
export type WallMs = number;
