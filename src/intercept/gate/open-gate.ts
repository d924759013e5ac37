/** Puts a gate on a connection. */
import type { ConnectionReport } from "../context.ts";
import { ConnectionGate } from "./connection-gate.ts";
import type { FaultGate } from "./fault-gate.ts";
import type { GatedConnection } from "./gated-connection.ts";

/** The gate of one connection; it closes with the connection's books. */
export function openGate(
  faults: FaultGate,
  report: ConnectionReport,
  parts: Pick<GatedConnection, "target" | "tap" | "end">,
): ConnectionGate {
  const interfered = (): void => report.facts({ interference: ["fault-rule"] });
  const gate = new ConnectionGate(faults, { id: report.id, interfered, ...parts });
  parts.end.onFinish = () => gate.closed();
  return gate;
}
