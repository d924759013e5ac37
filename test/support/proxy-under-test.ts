/** The proxy as tests see it: Boshscope's own, in this process, with its events at hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { silentLog } from "../../src/base/log.ts";
import { type Authority, openAuthority } from "../../src/ca/authority.ts";
import type { CaptureEvent } from "../../src/domain/capture-event.ts";
import { memoryPins } from "../../src/intercept/pins.ts";
import {
  type Intercept,
  type InterceptOptions,
  startIntercept,
} from "../../src/intercept/start-intercept.ts";
import { Changes } from "./changes.ts";
import { demoHost, demoPort } from "./tls-fixtures.ts";

export interface ProxyUnderTest extends AsyncDisposable {
  readonly port: number;
  /** PEM of the authority that its leaf certificates come from. */
  readonly ca: string;
  /** What it emitted so far. */
  readonly events: readonly CaptureEvent[];
  openConnections(): number;
}

export type EventOf<Kind extends CaptureEvent["kind"]> = Extract<CaptureEvent, { kind: Kind }>;

export interface RecordingProxy extends ProxyUnderTest {
  /** Breakpoints and waits; null without rules. */
  readonly faults: Intercept["faults"];
  /** Sends a request of our own. */
  readonly send: Intercept["send"];
  /** Makes a request of the proxy's own. */
  readonly get: Intercept["get"];
  /** The first event of that kind, from index `from` on, that the test accepts. */
  event<Kind extends CaptureEvent["kind"]>(
    kind: Kind,
    accept?: (event: EventOf<Kind>) => boolean,
    from?: number,
  ): Promise<EventOf<Kind>>;
}

let authority: Promise<Authority> | null = null;

/** One root for the whole process: making one is the slow part. */
export function testAuthority(): Promise<Authority> {
  authority ??= makeAuthority();
  return authority;
}

function makeAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-ca-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return openAuthority(folder, { clock: systemClock });
}

/** `route`: "host:port" and the port of this machine where it is to be found. */
export async function startBoshscope(
  route: Readonly<Record<string, number>>,
  overrides: Partial<InterceptOptions> = {},
): Promise<RecordingProxy> {
  const root = await testAuthority();
  const events: CaptureEvent[] = [];
  const changes = new Changes();
  let ports: readonly number[] = [];
  const intercept = await startIntercept({
    host: "127.0.0.1",
    port: 0,
    authority: root,
    emit: (event) => {
      events.push(event);
      changes.notify();
    },
    clock: systemClock,
    log: silentLog,
    scope: { decryptPorts: [7443, 8445], finesse: [] },
    resolve: new Map(
      Object.entries(route).map(([endpoint, port]) => [endpoint, { address: "127.0.0.1", port }]),
    ),
    serverCerts: "off",
    pins: memoryPins(),
    legacyTls: false,
    upstream: null,
    bodyLimit: 1024 * 1024,
    ownPorts: () => ports,
    keylog: null,
    ...overrides,
  });
  ports = [intercept.port];
  return {
    port: intercept.port,
    ca: root.certificatePem,
    events,
    get: (get) => intercept.get(get),
    openConnections: () => intercept.openConnections(),
    faults: intercept.faults,
    send: (request) => intercept.send(request),
    event: <Kind extends CaptureEvent["kind"]>(
      kind: Kind,
      accept: (event: EventOf<Kind>) => boolean = () => true,
      from = 0,
    ) =>
      changes.until(
        () =>
          events
            .slice(from)
            .find(
              (event): event is EventOf<Kind> =>
                event.kind === kind && accept(event as EventOf<Kind>),
            ),
        () =>
          `the event ${kind} (saw ${[...new Set(events.slice(from).map((event) => event.kind))].join(" ")})`,
      ),
    async [Symbol.asyncDispose]() {
      await intercept.close();
    },
  };
}

/** What transparency scripts run through: the demo host leads to `serverPort`. */
export const boshscopeTo = (serverPort: number): Promise<RecordingProxy> =>
  startBoshscope({ [`${demoHost}:${demoPort}`]: serverPort });
