/** Decides which tunnels are opened up and which stay blind (design decision D4): this runs on people's work PCs. */
import type { Target } from "./target.ts";

export interface ScopeRules {
  /** Decrypted on any host: Finesse's own ports. */
  readonly decryptPorts: readonly number[];
  /** Hosts named by the user; `ports: null` = the ports a Finesse host may use. */
  readonly finesse: readonly { readonly host: string; readonly ports: readonly number[] | null }[];
}

export interface ScopeDecision {
  readonly intercept: boolean;
  readonly reason: string;
}

/** 443 on a host that is known to be a Finesse (UCCE serves the desktop there). */
const portsOfKnownHosts = [443];

export interface Scope {
  decide(target: Target): ScopeDecision;
  /** Hosts named or learned, for proxy.pac. */
  hosts(): readonly string[];
}

export function createScope(rules: ScopeRules): Scope {
  const named = new Map(rules.finesse.map(({ host, ports }) => [host.toLowerCase(), ports]));
  const learned = new Set<string>();
  return {
    decide({ host, port }) {
      const ports = named.get(host);
      if (ports?.includes(port)) return { intercept: true, reason: `${host}:${port} was named` };
      if (rules.decryptPorts.includes(port)) {
        // Bounded: the name is the client's choice.
        if (learned.size < 1000) learned.add(host);
        return { intercept: true, reason: `port ${port} is Finesse's` };
      }
      const known = ports === null || learned.has(host);
      if (known && portsOfKnownHosts.includes(port)) {
        return { intercept: true, reason: `${host} is a Finesse host` };
      }
      return { intercept: false, reason: `port ${port} of ${host} is not in scope` };
    },
    hosts: () => [...new Set([...named.keys(), ...learned])],
  };
}
