import { expect, test } from "vitest";
import { AgentTimeline } from "../../../../src/capture/timelines/agent-timeline.ts";
import { TrackedSession } from "../../../../src/capture/timelines/tracked-session.ts";

const place = {
  exchangeId: (number: number) => `c-${number}`,
  sessionId: (ordinal: number) => `s${ordinal}`,
  iso: (at: number) => new Date(at).toISOString(),
  timeScale: 1,
};

function opened(ordinal: number, resource: string): TrackedSession {
  const at = { transport: "bosh", host: "fin1", port: 7443, mono: ordinal * 1000 } as const;
  const session = new TrackedSession(at, { ordinal, exchange: ordinal }, place);
  session.jid = `1001@fin1/${resource}`;
  session.phase = "open";
  return session;
}

/** A desktop, and a gadget's session that began after it. */
function two() {
  const timeline = new AgentTimeline("1001", 0, place);
  const [desktop, gadget] = [opened(1, "desktop"), opened(2, "gadget")];
  timeline.attach(desktop, 1, 1000);
  timeline.attach(gadget, 2, 2000);
  return { timeline, desktop, gadget };
}

test("when the latest session has ended, one that still lives is the agent's", () => {
  const { timeline, gadget } = two();
  gadget.end("terminated", "terminate by client", 90_000);
  timeline.attach(gadget, 3, 90_000);
  expect(timeline.summary().sessions).toEqual(["s1", "s2"]);
  expect(timeline.summary().story).toHaveLength(2);
});

test("while it lives the agent's session does not change with each request of the other", () => {
  const { timeline, desktop } = two();
  timeline.attach(desktop, 3, 91_000);
  expect(timeline.current?.id).toBe("s2");
});

test("one that has ended as well does not take its place", () => {
  const { timeline, desktop, gadget } = two();
  desktop.end("expired", "HTTP 404", 80_000);
  timeline.attach(desktop, 3, 80_000);
  gadget.end("terminated", "terminate by client", 90_000);
  timeline.attach(gadget, 4, 90_000);
  expect(timeline.current?.id).toBe("s2");
});
