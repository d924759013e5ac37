/** The words of the Event column for every sample, and for what nobody expects. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BoshBody } from "../../../src/bosh/bosh-body.ts";
import { readBoshBody } from "../../../src/bosh/read-bosh-body.ts";
import { AgentStates } from "../../../src/finesse/agent-states.ts";
import { readApiErrors } from "../../../src/finesse/api-errors.ts";
import { driftOf } from "../../../src/finesse/drift.ts";
import {
  frameLabel,
  pollLabel,
  restLabel,
  systemInfoLabel,
  updateLabel,
} from "../../../src/finesse/event-label.ts";
import { contentOf, contentOfStanza } from "../../../src/finesse/notifications.ts";
import { readRestCall } from "../../../src/finesse/rest-call.ts";
import { readSystemInfo } from "../../../src/finesse/system-info.ts";
import { readUpdate } from "../../../src/finesse/update.ts";
import { readFrame } from "../../../src/xmpp/read-frame.ts";
import { sample } from "../bosh/samples.ts";
import { bodyOf } from "../bosh/session-log.ts";

const bosh = (name: string): BoshBody => bodyOf(sample(`bosh/${name}.xml`));
const poll = bosh("07_poll_req.jabberwerx.captured");
const said = (
  request: ReturnType<typeof readBoshBody> | null,
  answer: ReturnType<typeof readBoshBody> | null,
  status: number | null,
  agents: AgentStates,
) => {
  const content = answer?.kind === "body" ? contentOf(answer) : [];
  return pollLabel({ request, answer, content, status }, agents);
};
const label = (request: BoshBody, answer: BoshBody | null, status: number | null = 200) =>
  said(request, answer, status, new AgentStates());

describe("pollLabel", () => {
  test.each([
    ["01_create_req.jabberwerx.captured", "21_create_resp.composed", "create"],
    ["02_auth_req.jabberwerx.captured", "22_auth_ok_resp.composed", "auth"],
    [
      "02_auth_req.jabberwerx.captured",
      "22b_auth_fail_resp.composed",
      "auth failed not-authorized",
    ],
    ["12_auth_req.strophe.captured", "30_empty_poll_resp.cisco57.seed-derived", "auth"],
    ["03_restart_req.jabberwerx.captured", "23_restart_resp.composed", "restart"],
    ["04_bind_req.jabberwerx.captured", "24_bind_resp.composed", "bind"],
    ["05_disco_req.jabberwerx.captured", "31_empty_resp.stock51.composed", "disco"],
    ["15_session_req.strophe.captured", "25_session_resp.composed", "session"],
    [
      "06_presence_req.jabberwerx.captured",
      "26_presence_finesse_available.composed",
      "presence, finesse available",
    ],
    ["17_ping_req.strophe.captured", "31_empty_resp.stock51.composed", "ping"],
    ["07_poll_req.jabberwerx.captured", "30_empty_poll_resp.cisco57.seed-derived", "empty"],
    ["07_poll_req.jabberwerx.captured", "31_empty_resp.stock51.composed", "empty"],
    ["18_poll_req.strophe.captured", "32_empty_resp.ack74.composed", "empty"],
    ["08_terminate_req.jabberwerx.captured", "33_terminate_resp.composed", "terminate"],
    ["19_terminate_req.strophe.captured", "33_terminate_resp.composed", "terminate"],
    [
      "07_poll_req.jabberwerx.captured",
      "34_error_item_not_found.composed",
      "terminate item-not-found",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "35_error_policy_violation.composed",
      "terminate policy-violation",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "36_error_remote_stream_conflict.composed",
      "stream error conflict",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "37_error_system_shutdown.composed",
      "terminate system-shutdown",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "27_presence_finesse_unavailable.composed",
      "finesse unavailable",
    ],
    ["39_pause_req.composed", "31_empty_resp.stock51.composed", "pause 60 s"],
    [
      "07_poll_req.jabberwerx.captured",
      "40_notification_user_put.1571.reconstructed",
      "notification User READY",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "42_notification_dialog_post.composed",
      "notification Dialog ALERTING",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "43_notification_dialog_delete.composed",
      "notification Dialog DROPPED ended",
    ],
    [
      "07_poll_req.jabberwerx.captured",
      "44_notification_systeminfo_oos.composed",
      "notification SystemInfo OUT_OF_SERVICE",
    ],
  ])("%s answered by %s", (request, answer, expected) => {
    expect(label(bosh(request), bosh(answer))).toBe(expected);
  });

  test("a poll under way says nothing yet, and errors speak by their status", () => {
    expect(label(poll, null, null)).toBeNull();
    expect(label(poll, null, 404)).toBe("invalid sid");
    expect(label(bosh("08_terminate_req.jabberwerx.captured"), null, 404)).toBe(
      "terminate, invalid sid",
    );
    expect(label(poll, null, 502)).toBe("HTTP 502");
    const page = readBoshBody("<html/>");
    const cut = readBoshBody("<body sid='1'");
    expect(said(page, null, null, new AgentStates())).toMatch(/^unreadable request at 0: /);
    expect(said(null, cut, 200, new AgentStates())).toMatch(/^unreadable answer at \d+: /);
    expect(said(null, null, null, new AgentStates())).toBeNull();
  });

  test("a change needs the state before, and counts what it can't name", () => {
    const agents = new AgentStates();
    const ready = bosh("40_notification_user_put.1571.reconstructed");
    const source = sample("bosh/40_notification_user_put.1571.reconstructed.xml");
    const talking = bodyOf(source.replace(";READY&", ";TALKING&"));
    expect(said(poll, ready, 200, agents)).toBe("notification User READY");
    expect(said(poll, talking, 200, agents)).toBe("READY → TALKING");
    expect(said(poll, talking, 200, agents)).toBe("notification User TALKING");
    const stanza = (condition: string) =>
      `<iq xmlns="jabber:client" type="set"><${condition} xmlns="x"/></iq>`;
    const many = `<body xmlns="http://jabber.org/protocol/httpbind">${["a", "b", "c", "d", "e"].map(stanza).join("")}</body>`;
    expect(said(poll, bodyOf(many), 200, agents)).toBe("iq a, iq b, iq c +2");
  });
});

describe("updateLabel", () => {
  const update = (user: string) => {
    const read = readUpdate(`<Update><data><user>${user}</user></data></Update>`);
    if (read.kind !== "update") throw new Error(read.reason);
    return read;
  };

  test("tells reason, pending state, and whose it is when it is another's", () => {
    const agents = new AgentStates();
    const first = update(
      "<loginId>7</loginId><state>TALKING</state><pendingState>NOT_READY</pendingState>",
    );
    expect(updateLabel(first, agents, "7")).toBe("notification User TALKING pending NOT_READY");
    const second = update(
      "<loginId>7</loginId><state>LOGOUT</state><reasonCodeId>255</reasonCodeId>",
    );
    expect(updateLabel(second, agents, "8")).toBe("7: TALKING → LOGOUT (255)");
    expect(updateLabel(update(""), agents, null)).toBe("notification User");
  });
});

test("frames of a WebSocket session", () => {
  const agents = new AgentStates();
  const labels = sample("ws/01_websocket_session.strophe.captured.txt")
    .split("\n")
    .filter((line) => /^[CS] /.test(line))
    .map((line) => {
      const stanza = readFrame(line.slice(2));
      return stanza === null || stanza.kind === "unparseable"
        ? "?"
        : frameLabel(contentOfStanza(stanza), agents);
    });
  expect(labels).toEqual([
    "open",
    "open",
    null,
    "auth",
    "auth",
    "open",
    "open",
    null,
    "bind",
    "bind",
    "session",
    null,
    "presence",
    "ping",
    null,
  ]);
});

test("SystemInfo with status and drift", () => {
  const full = readSystemInfo(sample("rest/03_systeminfo_full_in_service.composed.xml"));
  if (full.kind !== "system-info") throw new Error(full.reason);
  const drift = driftOf({ nocache: 0, tReqWall: 0, tRespWall: 14, currentTimestamp: 498 });
  expect(systemInfoLabel(full, drift)).toBe("SystemInfo IN_SERVICE drift +491 ms");
  expect(systemInfoLabel(null, null)).toBe("SystemInfo");
});

test("REST calls with what they ask, and why they were refused", () => {
  const rest = (method: string, path: string, body: string | null) => {
    const call = readRestCall({ method, path: `/finesse/api/${path}`, headers: [], body });
    if (call === null) throw new Error("no call");
    return call;
  };
  const ready = rest("PUT", "User/1", sample("rest/05_user_put_ready_req.composed.xml"));
  expect(restLabel(ready, null)).toBe("User READY");
  const errors = readApiErrors(sample("rest/07_apierrors_503.composed.xml"));
  if (errors.kind !== "api-errors") throw new Error(errors.reason);
  expect(restLabel(ready, errors)).toBe("User READY: error SERVER_OUT_OF_SERVICE");
  expect(restLabel(rest("GET", "User/1/Dialogs", null), null)).toBe("Dialogs");
  expect(restLabel(rest("POST", "User/1/ClientLog", "<ClientLog/>"), null)).toBe("ClientLog POST");
  expect(
    restLabel(
      rest("PUT", "Dialog/5", "<Dialog><requestedAction>DROP</requestedAction></Dialog>"),
      null,
    ),
  ).toBe("Dialog DROP");
});

test("labels are short and free of what was called or said, whatever comes", () => {
  const inner = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), fc.boolean(), (text, isState) => {
      const escaped = inner(text);
      // A state is shown as it comes; a name never is.
      const field = isState ? `<state>${escaped}</state>` : `<firstName>zq${escaped}</firstName>`;
      const frame = readFrame(
        `<message><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item><notification>${inner(`<Update><data><user><loginId>1</loginId>${field}</user></data></Update>`)}</notification></item></items></event></message>`,
      );
      if (frame === null || frame.kind === "unparseable") return;
      const words = frameLabel(contentOfStanza(frame), new AgentStates()) ?? "";
      expect(words.length).toBeLessThanOrEqual(130);
      if (!isState) expect(words).not.toContain("zq");
    }),
    { examples: [["zq", true]] },
  );
});
