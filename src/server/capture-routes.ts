/** Routes about the capture as a whole: health, configuration, captures, connections, setup, pause and resume. */
import { fail } from "../base/errors.ts";
import type { RecorderStatus } from "../domain/recording.ts";
import type { Feed } from "./feed.ts";
import { captureBody, connectionParams, connectionsQuery } from "./input.ts";
import type {
  CaptureCommand,
  CaptureList,
  CaptureState,
  ConnectionList,
  Health,
  SetupAnswer,
} from "./messages.ts";
import { json, jsonOf, type Route, route } from "./route.ts";
import type { ServerOptions } from "./server-options.ts";

const invalid = jsonOf("Error", "The request is not accepted.");

export function captureRoutes(options: ServerOptions, feed: Feed): readonly Route[] {
  const startedAt = options.clock.mono();
  return [
    route("get", "/api/health", {
      summary: "Whether it works, and how busy it is.",
      answers: { 200: jsonOf("Health", "The state of things.") },
      answer: () => json(healthOf(options, options.clock.mono() - startedAt)),
    }),
    route("get", "/api/config", {
      summary: "What it was started with, and where each value came from.",
      answers: { 200: jsonOf("Config", "The configuration, without secrets.") },
      answer: () => json(options.config()),
    }),
    route("get", "/api/setup", {
      summary: "What was seen so far of a working set-up, and what to set in the browser.",
      answers: { 200: jsonOf("Setup", "The three steps' state.") },
      answer: () => json(setupOf(options)),
    }),
    capturesRoute(options),
    commandRoute(options, feed),
    ...connectionRoutes(options),
  ];
}

/** Alerts that mean traffic is being lost to the capture. */
const failing: ReadonlySet<string> = new Set(["store-failed", "recorder-stopped"]);

function healthOf(options: ServerOptions, uptimeMs: number): Health {
  const status = options.recorder.status();
  const broken = status.alerts.some((alert) => failing.has(alert.code));
  const behind = status.alerts.some((alert) => alert.code === "recorder-behind");
  return {
    status: broken || behind ? "degraded" : "ok",
    version: options.version,
    captureId: status.captureId,
    uptimeMs: Math.round(uptimeMs),
    exchanges: status.exchanges,
    pending: status.pending,
    openConnections: status.openConnections,
    loopLagMs: options.loopLagMs(),
    store: { bytes: status.bytes, state: storeState(status, broken) },
    notKept: status.notKept,
    connectionErrors: status.connectionErrors,
    alerts: status.alerts.map(({ code }) => code),
  };
}

function storeState(status: RecorderStatus, broken: boolean): Health["store"]["state"] {
  if (broken) return "failing";
  return status.recording ? "ok" : "paused";
}

function setupOf(options: ServerOptions): SetupAnswer {
  const { host, port } = options.proxy();
  const { subject, fingerprint256 } = options.ca;
  return {
    ...options.recorder.status().setup,
    proxy: { host, port },
    ca: { subject, fingerprint256 },
    finesseHosts: options.finesseHosts(),
    pacPath: "/proxy.pac",
    caPemPath: "/boshscope-ca.pem",
    caDerPath: "/boshscope-ca.cer",
  };
}

function capturesRoute({ reader, recorder }: ServerOptions): Route {
  return route("get", "/api/captures", {
    summary: "All captures that are kept.",
    answers: { 200: jsonOf("CaptureList", "The captures, and which one is current.") },
    answer: async () => {
      const answer: CaptureList = {
        captures: await reader.captures(),
        current: recorder.status().captureId,
      };
      return json(answer);
    },
  });
}

function commandRoute(options: ServerOptions, feed: Feed): Route {
  return route("post", "/api/capture", {
    summary: "Pauses or resumes recording, begins a new capture, or renames this one.",
    body: captureBody,
    answers: { 200: jsonOf("CaptureState", "What is true now."), 400: invalid },
    answer: async ({ body }) => {
      const state = await carryOut(options, body.action, body.name);
      feed.refresh();
      return json(state);
    },
  });
}

/** The answer names what was asked for: the recorder's own status may follow a moment later. */
async function carryOut(
  { recorder, clock }: ServerOptions,
  action: CaptureCommand["action"],
  name: string | undefined,
): Promise<CaptureState> {
  const { captureId, captureName, recording } = recorder.status();
  const before: CaptureState = { captureId, captureName, recording };
  switch (action) {
    case "pause":
      await recorder.pause();
      return { ...before, recording: false };
    case "resume":
      await recorder.resume();
      return { ...before, recording: true };
    case "rename":
      await recorder.renameCapture(captureId, name ?? captureName);
      return { ...before, captureName: name ?? captureName };
    case "new": {
      const made = await recorder.startCapture(name ?? defaultName(clock.wall()));
      return { captureId: made.id, captureName: made.name, recording };
    }
  }
}

const defaultName = (wall: number): string =>
  `Capture ${new Date(wall).toISOString().slice(0, 16).replace("T", " ")} UTC`;

function connectionRoutes({ reader }: ServerOptions): readonly Route[] {
  return [
    route("get", "/api/connections", {
      summary: "Connections, by seq.",
      query: connectionsQuery,
      answers: { 200: jsonOf("ConnectionList", "One page."), 400: invalid },
      answer: async ({ query }) => {
        const connections = await reader.connections({
          limit: query.limit,
          ...(query.since === undefined ? {} : { since: query.since }),
        });
        const answer: ConnectionList = {
          connections,
          next: Math.max(query.since ?? 0, ...connections.map((connection) => connection.seq)),
          more: connections.length === query.limit,
        };
        return json(answer);
      },
    }),
    route("get", "/api/connections/:id", {
      summary: "One connection: both legs, TLS, certificate, who ended it and how.",
      params: connectionParams,
      answers: { 200: jsonOf("Connection", "The connection."), 404: invalid },
      answer: async ({ params }) => {
        const connection = await reader.connection(params.id);
        if (connection === null)
          throw fail("not-found", {
            what: `connection ${params.id}`,
            remedy: "GET /api/connections lists all.",
          });
        return json(connection);
      },
    }),
  ];
}
