/** The rule that gives a recorded answer to the next request of its kind. */
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import type { FaultRuleInput } from "../../src/server/messages.ts";

/**
 * A notification takes the place of the next one on its way to the same agent: the server has seen the request, so its session goes on. Any other
 * answer is given to the next request with the same method and path.
 */
export function answerRule(shown: ExchangeDetail, name: string): FaultRuleInput {
  const { id, host, port, method, path, agent, role, event } = shown;
  const isNotification = role === "poll" && (event?.startsWith("notification") ?? false);
  const [bare = ""] = path.split("?", 1);
  return {
    name,
    match: {
      host,
      port,
      ...(agent === null ? {} : { agent }),
      ...(isNotification
        ? { kind: "notification" }
        : role === "poll"
          ? { kind: "poll" }
          : { method, path: path.includes("?") ? `${bare}?*` : bare }),
    },
    actions: [{ kind: "answer", template: { kind: "recorded", exchange: id } }],
    times: 1,
    expiresAfterMs: null,
    alsoWaiting: false,
    arm: true,
  };
}
