/** Keeps the books of how a connection ends: bytes each way, who ended each leg first, and the CONNECT row when nothing else tells. */
import type { Side } from "../domain/capture-event.ts";
import type { Blame, FailureCause, FailurePhase } from "../domain/exchange.ts";
import type { ConnectionReport, Context } from "./context.ts";
import type { CloseReason } from "./socket-close.ts";
import type { Target } from "./target.ts";

export class ConnectionEnd {
  readonly #context: Pick<Context, "emit" | "mono" | "nextExchange">;
  readonly #report: ConnectionReport;
  readonly #told: Record<Side, boolean> = { client: false, server: false };
  readonly bytes = { toServer: 0, toClient: 0 };
  #rowTold = false;
  #finished = false;
  /** Called once, when the connection's books are closed. */
  onFinish: (() => void) | null = null;

  constructor(context: Pick<Context, "emit" | "mono" | "nextExchange">, report: ConnectionReport) {
    this.#context = context;
    this.#report = report;
  }

  count(from: Side, bytes: number): void {
    if (from === "client") this.bytes.toServer += bytes;
    else this.bytes.toClient += bytes;
  }

  /** The first word about a leg stands; what follows from it is not news. */
  leg(
    side: Side,
    by: "peer" | "boshscope",
    how: "fin" | CloseReason["how"],
    reason?: Pick<CloseReason, "alert" | "detail">,
  ): void {
    if (this.#told[side]) return;
    this.#told[side] = true;
    const at = this.#context.mono();
    const { alert = null, detail = "" } = reason ?? {};
    this.#context.emit({
      kind: "leg-closed",
      connection: this.#report.id,
      at,
      side,
      by,
      how,
      alert,
      detail,
    });
  }

  /** A CONNECT that came to nothing is a row of its own; its exchange number, or null when there is one already. */
  row(
    target: Target,
    failure: {
      readonly phase: FailurePhase;
      readonly cause: FailureCause;
      readonly blame: Blame;
      readonly alert?: number | null;
      readonly detail: string;
    },
  ): number | null {
    if (this.#rowTold) return null;
    this.#rowTold = true;
    const exchange = this.tunnelRow(target);
    this.#context.emit({
      kind: "exchange-failed",
      exchange,
      at: this.#context.mono(),
      alert: null,
      ...failure,
    });
    return exchange;
  }

  /** Opens the row "Tunnel to host:port"; returns its exchange number. */
  tunnelRow({ host, port }: Target): number {
    const exchange = this.#context.nextExchange();
    const at = this.#context.mono();
    this.#context.emit({
      kind: "tunnel-opened",
      exchange,
      at,
      connection: this.#report.id,
      host,
      port,
    });
    return exchange;
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.onFinish?.();
    this.#report.facts({ bytes: { ...this.bytes } });
    this.#context.emit({
      kind: "connection-ended",
      connection: this.#report.id,
      at: this.#context.mono(),
    });
  }
}
