/** Every sample BOSH body is read as its manifest says. */
import { describe, expect, test } from "vitest";
import { requestKindOf } from "../../../src/bosh/bosh-event.ts";
import { readBoshBody } from "../../../src/bosh/read-bosh-body.ts";
import { streamSignsIn } from "../../../src/bosh/stream-signs.ts";
import { sample, samplesIn } from "./samples.ts";
import { bodyOf } from "./session-log.ts";

const requests: readonly (readonly [string, string, string, boolean])[] = [
  ["01_create_req.jabberwerx.captured.xml", "create", "jabberwerx", true],
  ["02_auth_req.jabberwerx.captured.xml", "stanzas", "jabberwerx", false],
  ["03_restart_req.jabberwerx.captured.xml", "restart", "jabberwerx", true],
  ["04_bind_req.jabberwerx.captured.xml", "stanzas", "jabberwerx", false],
  ["05_disco_req.jabberwerx.captured.xml", "stanzas", "jabberwerx", false],
  ["06_presence_req.jabberwerx.captured.xml", "stanzas", "jabberwerx", false],
  ["07_poll_req.jabberwerx.captured.xml", "poll", "jabberwerx", true],
  ["08_terminate_req.jabberwerx.captured.xml", "terminate", "jabberwerx", true],
  ["11_create_req.strophe.captured.xml", "create", "strophe", true],
  ["12_auth_req.strophe.captured.xml", "stanzas", "strophe", false],
  ["13_restart_req.strophe.captured.xml", "restart", "strophe", true],
  ["14_bind_req.strophe.captured.xml", "stanzas", "strophe", false],
  ["15_session_req.strophe.captured.xml", "stanzas", "strophe", false],
  ["16_presence_req.strophe.captured.xml", "stanzas", "strophe", false],
  ["17_ping_req.strophe.captured.xml", "stanzas", "strophe", false],
  ["18_poll_req.strophe.captured.xml", "poll", "strophe", true],
  ["19_terminate_req.strophe.captured.xml", "terminate", "strophe", false],
  ["39_pause_req.composed.xml", "pause", "jabberwerx", true],
];

test.each(requests)("%s is a %s of %s", (file, kind, fingerprint, empty) => {
  const body = bodyOf(sample(`bosh/${file}`));
  expect(requestKindOf(body)).toBe(kind);
  expect(body).toMatchObject({ fingerprint, empty });
  expect(body.rid).toBeGreaterThan(1_631_916_950);
});

describe("answers", () => {
  const signs = (file: string) => streamSignsIn(bodyOf(sample(`bosh/${file}`)));

  test("creation grants", () => {
    expect(bodyOf(sample("bosh/21_create_resp.composed.xml"))).toMatchObject({
      sid: "f382a015",
      requests: 2,
      inactivity: 60,
      polling: 5,
      wait: 30,
      hold: 1,
      maxpause: 300,
      ver: "1.6",
    });
  });

  test("progress", () => {
    expect(signs("22_auth_ok_resp.composed.xml")).toEqual([{ kind: "authenticated" }]);
    expect(signs("22b_auth_fail_resp.composed.xml")).toEqual([
      { kind: "authentication-failed", condition: "not-authorized" },
    ]);
    expect(signs("23_restart_resp.composed.xml")).toEqual([]);
    expect(signs("24_bind_resp.composed.xml")).toEqual([
      { kind: "bound", jid: "47483648@fin1.ucce.local/desktop" },
    ]);
    expect(signs("25_session_resp.composed.xml")).toEqual([]);
    const bind = sample("bosh/24_bind_resp.composed.xml");
    expect(streamSignsIn(bodyOf(bind.replace("xmpp-bind", "other")))).toEqual([]);
    expect(signs("36_error_remote_stream_conflict.composed.xml")).toEqual([
      { kind: "stream-error", condition: "conflict" },
    ]);
  });

  test.each([
    ["30_empty_poll_resp.cisco57.seed-derived.xml", null],
    ["31_empty_resp.stock51.composed.xml", null],
    ["32_empty_resp.ack74.composed.xml", 3_210_987_654],
  ])("%s is empty", (file, ack) => {
    expect(bodyOf(sample(`bosh/${file}`))).toMatchObject({ empty: true, ack, type: null });
  });

  test.each([
    ["33_terminate_resp.composed.xml", null],
    ["34_error_item_not_found.composed.xml", "item-not-found"],
    ["35_error_policy_violation.composed.xml", "policy-violation"],
    ["37_error_system_shutdown.composed.xml", "system-shutdown"],
  ])("%s terminates", (file, condition) => {
    expect(bodyOf(sample(`bosh/${file}`))).toMatchObject({ type: "terminate", condition });
  });

  test.each(samplesIn("bosh").filter((path) => /\/(?:2[67]|4[0234])_/.test(path)))(
    "%s carries one stanza",
    (path) => {
      expect(bodyOf(sample(path))).toMatchObject({ children: 1, empty: false, type: null });
    },
  );

  test("an error page is no body", () => {
    const page = readBoshBody(sample("bosh/38_http404_invalid_sid.composed.txt"));
    expect(page).toMatchObject({ kind: "unparseable", at: 0 });
  });

  test("any prefix of any sample is read or refused, never thrown at", () => {
    for (const path of samplesIn("bosh")) {
      const text = sample(path);
      for (let end = 0; end < text.length; end += 7) {
        expect(["body", "unparseable"]).toContain(readBoshBody(text.slice(0, end)).kind);
      }
    }
  });
});
