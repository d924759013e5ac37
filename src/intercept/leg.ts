/** One side of a relayed connection: the stream that carries the bytes, and the TCP socket under it. */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

export interface Leg {
  readonly stream: Socket | TLSSocket;
  readonly raw: Socket;
}

/**
 * Ends a leg with RST. Bytes already read from the other side go to the kernel first, as they would have reached the peer before the
 * RST on a direct connection. The RST is the TCP socket's: TLSSocket.resetAndDestroy throws ERR_INVALID_HANDLE_TYPE (Node 20 to 26).
 */
export function resetLeg(leg: Leg): void {
  const { stream } = leg;
  if (stream.destroyed && leg.raw.destroyed) return;
  if (stream.writableLength > 0 && !stream.writableEnded) {
    stream.once("drain", () => resetNow(leg));
    return;
  }
  resetNow(leg);
}

export function resetNow(leg: Leg): void {
  if (!leg.raw.destroyed) leg.raw.resetAndDestroy();
  if (!leg.stream.destroyed) leg.stream.destroy();
}
