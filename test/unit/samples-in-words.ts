/** What Boshscope's readers make of a sample file, in a few words: the same readers that the capture uses. */
import { requestKindOf } from "../../src/bosh/bosh-event.ts";
import { readBoshBody } from "../../src/bosh/read-bosh-body.ts";
import { AgentStates } from "../../src/finesse/agent-states.ts";
import { apiErrorLabel, readApiErrors } from "../../src/finesse/api-errors.ts";
import { readClientLog } from "../../src/finesse/client-log.ts";
import { frameLabel, pollLabel, restLabel } from "../../src/finesse/event-label.ts";
import { beat, noHeartbeat } from "../../src/finesse/heartbeat.ts";
import { contentOf, contentOfStanza } from "../../src/finesse/notifications.ts";
import { readRestCall } from "../../src/finesse/rest-call.ts";
import { roleOf } from "../../src/finesse/role-of.ts";
import { readSystemInfo } from "../../src/finesse/system-info.ts";
import { readUpdate } from "../../src/finesse/update.ts";
import { parseRequestHead } from "../../src/http1/head.ts";
import { readFrame } from "../../src/xmpp/read-frame.ts";
import { replayTrace } from "./bosh/replay-trace.ts";
import { sample, traceRows } from "./bosh/samples.ts";
import { readSample } from "./logs/read-log.ts";

export function sampleInWords(path: string): string {
  const [folder = "", file = ""] = path.split("/");
  const reader = readers[folder];
  if (reader === undefined) throw new Error(`no reader for ${path}`);
  return reader(path, file);
}

const readers: Readonly<Record<string, (path: string, file: string) => string>> = {
  bosh: (path) => boshInWords(sample(path)),
  ws: (path, file) => (file.includes("session") ? framesInWords(path) : headInWords(path)),
  rest: restInWords,
  xmpp: (path) => stanzaInWords(sample(path)),
  logs: (_, file) => logInWords(file),
  traces: (path, file) =>
    file.startsWith("systeminfo") ? heartbeatInWords(path) : traceInWords(file),
};

function boshInWords(text: string): string {
  if (text.startsWith("<Update>")) return updateInWords(text);
  const body = readBoshBody(text);
  if (body.kind === "unparseable") return `no body: ${body.reason}`;
  const isRequest = body.rid !== null;
  const label = pollLabel(
    {
      request: isRequest ? body : null,
      answer: isRequest ? null : body,
      content: isRequest ? [] : contentOf(body),
      status: isRequest ? null : 200,
    },
    new AgentStates(),
  );
  const kind = isRequest
    ? `${requestKindOf(body)} by ${body.fingerprint}, rid ${body.rid}`
    : "answer";
  const ack = body.ack === null ? "" : `, ack ${body.ack}`;
  return `${kind}: ${label ?? "nothing to say"}${ack}`;
}

function updateInWords(text: string): string {
  const update = readUpdate(text);
  if (update.kind === "unparseable") return `no update: ${update.reason}`;
  return `update ${update.event} of ${update.source}, ${update.subject.kind}`;
}

function stanzaInWords(text: string): string {
  const stanza = readFrame(text);
  if (stanza === null) return "nothing";
  if (stanza.kind === "unparseable") return `no frame: ${stanza.reason}`;
  const label = frameLabel(contentOfStanza(stanza), new AgentStates()) ?? "nothing to say";
  return stanza.kind === "iq" ? `iq ${stanza.type} ${payloadInWords(stanza.payload)}` : label;
}

function payloadInWords(payload: object & { readonly kind: string }): string {
  const facts = Object.entries<unknown>(payload as Readonly<Record<string, unknown>>).flatMap(
    ([name, value]) =>
      name === "kind" || value === null
        ? []
        : [
            `${name} ${typeof value === "string" ? value : Array.isArray(value) ? value.length : JSON.stringify(value)}`,
          ],
  );
  return [payload.kind, ...facts].join(" ");
}

/** A line each: C or S, and the frame. */
function framesInWords(path: string): string {
  const words = sample(path)
    .trim()
    .split("\n")
    .flatMap((line) => {
      const frame = /^([CS]) (<.*)$/.exec(line);
      if (frame?.[1] === undefined || frame[2] === undefined) return [];
      const stanza = readFrame(frame[2]);
      return [`${frame[1]} ${stanza?.kind ?? "nothing"}`];
    });
  return words.join(", ");
}

function headInWords(path: string): string {
  const head = parseRequestHead(Buffer.from(sample(path), "latin1"));
  if (head === null) return "no head";
  const role = roleOf(
    head.method,
    head.target,
    head.headers.some(({ name }) => name === "Upgrade"),
  );
  return `${head.method} ${head.target.split("?")[0]}, ${head.headers.length} fields, ${role}`;
}

function restInWords(path: string, file: string): string {
  const text = sample(path);
  if (file.endsWith(".txt")) return headInWords(path);
  const info = readSystemInfo(text);
  if (info.kind !== "unparseable") {
    const clock =
      info.currentTimestamp === null ? "none" : new Date(info.currentTimestamp).toISOString();
    return `SystemInfo ${info.status ?? "without status"}, clock ${clock}, CTI ${info.ctiHeartbeat ?? "not said"}`;
  }
  const errors = readApiErrors(text);
  if (errors.kind !== "unparseable") return `ApiErrors ${apiErrorLabel(errors)}`;
  const log = readClientLog(text);
  if (log.kind !== "unparseable") {
    return `ClientLog of ${log.userAgent?.split(" ")[0] ?? "nobody"}, ${log.lines.length} lines`;
  }
  const call = readRestCall({
    method: "PUT",
    path: "/finesse/api/User/1001003",
    headers: [],
    body: text,
  });
  return call === null ? "nothing" : `PUT ${restLabel(call, null)}`;
}

function logInWords(file: string): string {
  const { facts, report } = readSample(file);
  const counts = new Map<string, number>();
  for (const { kind } of facts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = [...counts].map(([kind, number]) => `${number} ${kind}`);
  return `${report.source ?? "unknown"}: ${words.join(", ")}`;
}

function heartbeatInWords(path: string): string {
  let heartbeat = noHeartbeat;
  for (const row of traceRows(path)) [heartbeat] = beat(heartbeat, Number(row["nocache_ms"]));
  const { cadence, intervals, jitterMs, missed } = heartbeat;
  return `${cadence}: ${intervals.join(", ")} ms, jitter ${jitterMs} ms, ${missed} missed`;
}

function traceInWords(file: string): string {
  const log = replayTrace(file);
  const resent = log.find("retransmission").map(({ sinceFirstMs }) => sinceFirstMs);
  const kinds = [...new Set(log.kinds())].filter((kind) => kind !== "retransmission");
  const words = resent.length === 0 ? "not resent" : `resent after ${resent.join(", ")} ms`;
  return `${words}; ${kinds.join(", ")}; ${log.session.state}`;
}
