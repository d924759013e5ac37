/** Every sample file, its size as the manifest says, and what the readers make of it: a new sample without a line here fails. */
import { readdirSync, statSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { manifest, samplesFolder, samplesIn } from "./bosh/samples.ts";
import { sampleInWords } from "./samples-in-words.ts";

const expected: Readonly<Record<string, string>> = {
  "bosh/01_create_req.jabberwerx.captured.xml": "create by jabberwerx, rid 2861121871: create",
  "bosh/02_auth_req.jabberwerx.captured.xml": "stanzas by jabberwerx, rid 2861121872: auth",
  "bosh/03_restart_req.jabberwerx.captured.xml": "restart by jabberwerx, rid 2861121873: restart",
  "bosh/04_bind_req.jabberwerx.captured.xml": "stanzas by jabberwerx, rid 2861121874: bind",
  "bosh/05_disco_req.jabberwerx.captured.xml": "stanzas by jabberwerx, rid 2861121875: disco",
  "bosh/06_presence_req.jabberwerx.captured.xml": "stanzas by jabberwerx, rid 2861121876: presence",
  "bosh/07_poll_req.jabberwerx.captured.xml": "poll by jabberwerx, rid 2861121877: nothing to say",
  "bosh/08_terminate_req.jabberwerx.captured.xml":
    "terminate by jabberwerx, rid 2861121878: terminate",
  "bosh/11_create_req.strophe.captured.xml": "create by strophe, rid 1631916951: create",
  "bosh/12_auth_req.strophe.captured.xml": "stanzas by strophe, rid 1631916952: auth",
  "bosh/13_restart_req.strophe.captured.xml": "restart by strophe, rid 1631916953: restart",
  "bosh/14_bind_req.strophe.captured.xml": "stanzas by strophe, rid 1631916954: bind",
  "bosh/15_session_req.strophe.captured.xml": "stanzas by strophe, rid 1631916955: session",
  "bosh/16_presence_req.strophe.captured.xml": "stanzas by strophe, rid 1631916956: presence",
  "bosh/17_ping_req.strophe.captured.xml": "stanzas by strophe, rid 1631916957: ping",
  "bosh/18_poll_req.strophe.captured.xml": "poll by strophe, rid 1631916958: nothing to say",
  "bosh/19_terminate_req.strophe.captured.xml": "terminate by strophe, rid 1631916959: terminate",
  "bosh/21_create_resp.composed.xml": "answer: nothing to say, ack 2861121871",
  "bosh/22_auth_ok_resp.composed.xml": "answer: auth",
  "bosh/22b_auth_fail_resp.composed.xml": "answer: auth failed not-authorized",
  "bosh/23_restart_resp.composed.xml": "answer: nothing to say",
  "bosh/24_bind_resp.composed.xml": "answer: bind",
  "bosh/25_session_resp.composed.xml": "answer: nothing to say",
  "bosh/26_presence_finesse_available.composed.xml": "answer: finesse available",
  "bosh/27_presence_finesse_unavailable.composed.xml": "answer: finesse unavailable",
  "bosh/30_empty_poll_resp.cisco57.seed-derived.xml": "answer: empty",
  "bosh/31_empty_resp.stock51.composed.xml": "answer: empty",
  "bosh/32_empty_resp.ack74.composed.xml": "answer: empty, ack 3210987654",
  "bosh/33_terminate_resp.composed.xml": "answer: terminate",
  "bosh/34_error_item_not_found.composed.xml": "answer: terminate item-not-found",
  "bosh/35_error_policy_violation.composed.xml": "answer: terminate policy-violation",
  "bosh/36_error_remote_stream_conflict.composed.xml": "answer: stream error conflict",
  "bosh/37_error_system_shutdown.composed.xml": "answer: terminate system-shutdown",
  "bosh/38_http404_invalid_sid.composed.txt": "no body: text data outside of root node.",
  "bosh/39_pause_req.composed.xml": "pause by jabberwerx, rid 2861121879: pause 60 s",
  "bosh/40_notification_user_put.1571.reconstructed.xml": "answer: notification User READY",
  "bosh/41_notification_user_put.inner.reconstructed.xml":
    "update PUT of /finesse/api/User/47483648, user",
  "bosh/42_notification_dialog_post.composed.xml": "answer: notification Dialog ALERTING",
  "bosh/43_notification_dialog_delete.composed.xml": "answer: notification Dialog DROPPED ended",
  "bosh/44_notification_systeminfo_oos.composed.xml":
    "answer: notification SystemInfo OUT_OF_SERVICE",
  "ws/01_websocket_session.strophe.captured.txt":
    "C open, S open, S features, C sasl, S sasl, C open, S open, S features, C iq, S iq, C iq, S iq, C presence, C iq, S iq",
  "ws/02_upgrade_request.composed.txt": "GET /ws/, 7 fields, websocket",
  "ws/03_upgrade_request_proxy_auth.composed.txt": "GET /ws/, 6 fields, websocket",
  "rest/01_systeminfo_timestamponly_166.conjecture.xml":
    "SystemInfo without status, clock 2017-04-14T16:01:20.998Z, CTI not said",
  "rest/02_systeminfo_232.conjecture.xml":
    "SystemInfo without status, clock 2019-01-11T23:57:14.123Z, CTI not said",
  "rest/03_systeminfo_full_in_service.composed.xml":
    "SystemInfo IN_SERVICE, clock 2019-01-11T23:56:30.118Z, CTI success",
  "rest/04_systeminfo_full_out_of_service.composed.xml":
    "SystemInfo OUT_OF_SERVICE, clock 2019-01-11T23:56:30.118Z, CTI success",
  "rest/05_user_put_ready_req.composed.xml": "PUT User READY",
  "rest/06_user_put_login_req.composed.xml": "PUT User LOGIN",
  "rest/07_apierrors_503.composed.xml": "ApiErrors error SERVER_OUT_OF_SERVICE",
  "rest/08_clientlog_post_req.composed.xml": "ClientLog of Mozilla/5.0, 1 lines",
  "rest/09_poll_request_head.composed.txt": "GET /finesse/api/SystemInfo, 4 fields, systeminfo",
  "xmpp/01_disco_items_req.composed.xml": "iq get disco-items items 0",
  "xmpp/02_disco_items_resp.composed.xml": "iq result disco-items items 10",
  "xmpp/03_subscribe_team_req.composed.xml":
    "iq set subscribe pubsubNode /finesse/api/Team/5000/Users jid 47483650@fin1.ucce.local/desktop",
  "xmpp/04_subscribe_team_resp.composed.xml":
    "iq result subscription pubsubNode /finesse/api/Team/5000/Users jid 47483650@fin1.ucce.local/desktop state subscribed",
  "logs/openfire_debug.seed.quoted.log": "openfire: 4 session-active, 1 offline-store",
  "logs/openfire_info.seed.quoted.log": "openfire: 1 session-idle-close, 1 session-closed",
  "logs/openfire_debug.composed.log": "openfire: 8 session-active, 1 offline-store",
  "logs/openfire_info.composed.log":
    "openfire: 1 service-started, 1 session-idle-close, 1 session-closed, 1 service-stopped",
  "logs/openfire_stock_variants.composed.log":
    "openfire: 2 session-active, 2 session-idle-close, 1 invalid-sid, 2 rid-window, 1 overactivity",
  "logs/desktop_webservices.seed.quoted.log":
    "webservices: 1 presence, 1 unsubscribe, 2 presence-monitor, 1 forced-logout-due, 1 logout-request, 1 cti-event",
  "logs/desktop_webservices.composed.log":
    "webservices: 1 presence, 1 unsubscribe, 1 presence-monitor, 1 forced-logout-due, 1 logout-request, 1 cti-event",
  "logs/clientlog.seed.quoted.log": "client: 1 drift",
  "logs/clientlog.composed.log": "client: 2 drift, 2 connection-status",
  "logs/clientlog_issue33.quoted.log": "client: 1 connection-status, 1 drift",
  "traces/jabberwerx_404.measured.csv": "resent after 525, 2567, 7160 ms; invalid-sid; expired",
  "traces/jabberwerx_reset.measured.csv": "resent after 527, 2579, 7178 ms; request-failed; open",
  "traces/jabberwerx_blackhole.measured.csv":
    "resent after 35516, 72551, 112130 ms; late-poll, overdue-poll, request-failed; open",
  "traces/jabberwerx_inband_terminate.measured.csv": "not resent; terminate; terminated",
  "traces/strophe_reset.measured.csv": "resent after 5, 8010, 35014 ms; request-failed; open",
  "traces/strophe_404.measured.csv": "not resent; invalid-sid; expired",
  "traces/systeminfo_nocache.seed.quoted.csv":
    "normal: 60006, 60000, 60002 ms, jitter 6 ms, 0 missed",
};

const folders = readdirSync(samplesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const found = folders.flatMap(samplesIn).toSorted();
const lines: string[] = [];

test("the manifest, the folder and this table name the same files", () => {
  expect(found).toEqual([...manifest().keys()].toSorted());
  expect(found).toEqual(Object.keys(expected).toSorted());
});

test.each(found)("%s", (path) => {
  const { size } = statSync(`${samplesFolder}${path}`);
  expect(size).toBe(manifest().get(path));
  const words = sampleInWords(path);
  expect(words).toBe(expected[path]);
  lines.push(`${path.padEnd(54)} ${String(size).padStart(5)}  ${words}`);
});

afterAll(() => {
  process.stdout.write(
    `${lines.join("\n")}\n${lines.length} of ${found.length} samples read as their manifest says\n`,
  );
});
