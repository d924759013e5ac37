/** iptables in the run's own network namespace. */
import { execFileSync } from "node:child_process";

export type Block = "drop" | "reset" | { readonly loss: number };

/** From now on nothing (or less) reaches these ports of 127.0.0.1, nor comes back; gives the way to open them again. */
export function block(ports: readonly number[], how: Block): () => void {
  const rules = ports.flatMap((port) => rulesFor(port, how));
  for (const rule of rules) execFileSync("iptables", ["-A", "OUTPUT", ...rule]);
  return () => {
    for (const rule of rules) execFileSync("iptables", ["-D", "OUTPUT", ...rule]);
  };
}

function rulesFor(port: number, how: Block): string[][] {
  const directions = ["--dport", "--sport"].map((end) => ["-p", "tcp", end, `${port}`]);
  if (how === "reset") {
    return [[...(directions[0] ?? []), "-j", "REJECT", "--reject-with", "tcp-reset"]];
  }
  if (how === "drop") return directions.map((direction) => [...direction, "-j", "DROP"]);
  const random = ["-m", "statistic", "--mode", "random", "--probability", `${how.loss}`];
  return directions.map((direction) => [...direction, ...random, "-j", "DROP"]);
}
