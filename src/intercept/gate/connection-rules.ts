/** What rules do to a connection before any request: to its CONNECT, and to its TLS handshakes. */
import type { Socket } from "node:net";
import { describeConnect, describeTls } from "../../faults/describe.ts";
import type { FaultStep } from "../../faults/step.ts";
import type { ConnectionEnd } from "../connection-end.ts";
import type { ConnectionReport, Context } from "../context.ts";
import { ignore } from "../dial.ts";
import { resetNow } from "../leg.ts";
import type { Target } from "../target.ts";
import type { FaultGate } from "./fault-gate.ts";

/** A fatal handshake_failure alert in a record of its own (RFC 8446 6.2), as it is before any key is agreed on. */
export const handshakeFailure = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 40]);

interface Connect {
  readonly context: Context;
  readonly report: ConnectionReport;
  readonly target: Target;
  readonly socket: Socket;
}

/** Calls `goOn` at once, or later, or never: when a rule refuses the CONNECT. */
export function meetConnectRules(
  connect: Connect,
  end: () => ConnectionEnd,
  goOn: () => void,
): void {
  const { context, target } = connect;
  const { faults } = context;
  if (faults === null || !faults.rules.isActive(target.host, target.port)) return goOn();
  const decision = faults.rules.decide(describeConnect(target));
  if (decision.request.length === 0) return goOn();
  connect.report.facts({ interference: ["fault-rule"] });
  void meet({ faults, connect, steps: decision.request }, end).then(
    (isPassed) => {
      if (isPassed && !connect.socket.destroyed) goOn();
    },
    (error: unknown) => {
      faults.defect(error);
      goOn();
    },
  );
}

async function meet(
  met: {
    readonly faults: FaultGate;
    readonly connect: Connect;
    readonly steps: readonly FaultStep[];
  },
  end: () => ConnectionEnd,
): Promise<boolean> {
  for (const step of met.steps) {
    if (step.kind === "wait") await waitFor(met.faults, met.connect.socket, step.rule, step.ms);
    if (step.kind === "refuse-connect") return refuse(met, end(), step);
  }
  return true;
}

async function waitFor(faults: FaultGate, socket: Socket, rule: string, ms: number): Promise<void> {
  const wait = faults.waits.start(rule, ms);
  const leave = (): void => wait.giveUp();
  socket.once("close", leave);
  await wait.over;
  socket.off("close", leave);
}

function refuse(
  { faults, connect }: { readonly faults: FaultGate; readonly connect: Connect },
  end: ConnectionEnd,
  { rule, how }: { readonly rule: string; readonly how: "reset" | "silence" },
): false {
  const { socket, target, report, context } = connect;
  const exchange = end.tunnelRow(target);
  faults.tell(report.id, exchange, {
    rules: [rule],
    request: [{ rule, kind: "refuse-connect", how }],
    response: [],
    at: context.mono(),
  });
  const over = (): void => {
    context.emit({
      kind: "exchange-failed",
      exchange,
      at: context.mono(),
      phase: "connect",
      cause: "fault-rule",
      blame: "fault-rule",
      alert: null,
      detail: `${rule}: CONNECT was ${how === "reset" ? "refused" : "left unanswered"}`,
    });
    end.finish();
  };
  socket.on("error", ignore);
  if (how === "reset") {
    end.leg("client", "boshscope", "reset", { alert: null, detail: rule });
    resetNow({ stream: socket, raw: socket });
    over();
  } else {
    socket.resume();
    socket.once("end", () => socket.destroy());
    socket.once("close", over);
  }
  return false;
}

/** The rule that breaks one of the handshakes, and which; null = none. */
export function brokenTls(
  { faults }: Pick<Context, "faults">,
  target: Target,
): { readonly rule: string; readonly towards: "client" | "server" } | null {
  if (faults === null || !faults.rules.isActive(target.host, target.port)) return null;
  const { request } = faults.rules.decide(describeTls(target));
  for (const step of request) {
    if (step.kind === "break-tls")
      return { rule: step.rule, towards: step.leg === "request" ? "client" : "server" };
  }
  return null;
}

/** Says that a rule broke a handshake. */
export function tellBrokenTls(
  { context, report, target }: Pick<Connect, "context" | "report" | "target">,
  end: ConnectionEnd,
  { rule, towards }: NonNullable<ReturnType<typeof brokenTls>>,
): void {
  const detail = `${rule}: the handshake with the ${towards} was broken`;
  const failure = { phase: "tls", cause: "fault-rule", blame: "fault-rule", detail } as const;
  const exchange = end.row(target, failure);
  const leg = towards === "client" ? "request" : "response";
  const at = context.mono();
  if (exchange !== null)
    context.faults?.tell(report.id, exchange, {
      rules: [rule],
      request: [{ rule, kind: "break-tls", leg }],
      response: [],
      at,
    });
  report.facts({ interference: ["fault-rule"] });
}
