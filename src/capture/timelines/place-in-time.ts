/** How numbers and monotonic marks become the ids and times that people see. */

export interface PlaceInTime {
  /** Id of an exchange of the running capture. */
  exchangeId(number: number): string;
  /** Id of the n-th session followed. */
  sessionId(ordinal: number): string;
  /** ISO time of a monotonic mark. */
  iso(at: number): string;
  /** Protocol seconds in a real one: 1, but for a simulator in a hurry. */
  readonly timeScale: number;
}
