/** A wire bench whose proxy has fault rules, and rules in few words. */
import { systemClock } from "../../src/base/clock.ts";
import type { FaultAction, FaultMatch, FaultRule } from "../../src/domain/fault-rule.ts";
import { ArmedRules } from "../../src/faults/armed-rules.ts";
import type { InterceptOptions } from "../../src/intercept/start-intercept.ts";
import { WireBench } from "./wire-bench.ts";

export interface FaultBench extends AsyncDisposable {
  readonly bench: WireBench;
  readonly rules: ArmedRules;
  /** Arms a rule; its id is r1, r2, … in order. */
  arm(actions: readonly FaultAction[], match?: FaultMatch, more?: Partial<FaultRule>): FaultRule;
}

export async function startFaultBench(
  intercept: Partial<InterceptOptions> = {},
): Promise<FaultBench> {
  const rules = new ArmedRules({ now: () => systemClock.mono(), dice: () => 0 });
  const bench = await WireBench.start({ intercept: { rules, ...intercept } });
  let count = 0;
  return {
    bench,
    rules,
    arm(actions, match = {}, more = {}) {
      const rule: FaultRule = {
        id: `r${++count}`,
        name: "a rule",
        match,
        actions,
        times: null,
        expiresAfterMs: null,
        alsoWaiting: false,
        ...more,
      };
      rules.arm(rule);
      return rule;
    },
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** A poll, or with stanzas another http-bind request. */
export function bind(sid: string, rid: number, stanzas = ""): string {
  const body = `<body rid='${rid}' sid='${sid}' xmlns='http://jabber.org/protocol/httpbind'>${stanzas}</body>`;
  return (
    "POST /http-bind/ HTTP/1.1\r\nHost: fin1.demo.test:7443\r\nContent-Type: text/xml; charset=utf-8\r\n" +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** An http-bind answer. */
export function bound(stanzas = ""): string {
  const body = `<body xmlns='http://jabber.org/protocol/httpbind'>${stanzas}</body>`;
  return `HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
