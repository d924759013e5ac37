/** A carrier in the shape that xmpp.js expects of a socket. */
import { EventEmitter } from "node:events";
import type { Carrier, CarrierEvents } from "./carrier.ts";

export type OpenCarrier = (events: CarrierEvents) => Promise<Carrier>;

/** A class, as xmpp.js makes its sockets itself. */
export function frameSocketClass(open: OpenCarrier): new () => EventEmitter {
  return class FrameSocket extends EventEmitter {
    secure = false;
    #carrier: Carrier | null = null;

    connect(): void {
      const events: CarrierEvents = {
        onFrame: (frame) => this.emit("data", frame),
        onClosed: (reason) => this.emit("close", reason !== null, reason),
      };
      open(events).then(
        (carrier) => {
          this.#carrier = carrier;
          this.secure = carrier.secure;
          this.emit("connect");
        },
        (error: unknown) => this.emit("error", error),
      );
    }

    write(frame: string, done?: (error?: Error) => void): void {
      this.#carrier?.send(frame);
      done?.();
    }

    end(): void {
      this.#carrier?.destroy();
    }
  };
}
