/** An answer taken from a capture, to be given again. */
export interface RecordedAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Decoded; what was a secret is its placeholder. */
  readonly body: Uint8Array;
  /** Of the request it answered then. */
  readonly sid: string | null;
  readonly rid: number | null;
}
