/** The whole program, wired in the order the bytes travel. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentStanzas } from "./agent-stanzas.ts";
import { systemClock } from "./base/clock.ts";
import type { Log } from "./base/log.ts";
import { sweepTemporaryFolders } from "./base/temporary-folder.ts";
import { openAuthority } from "./ca/authority.ts";
import { clockReference } from "./clock-reference.ts";
import { type Config, listSettings } from "./config.ts";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import type { CaptureReader, Recorder } from "./domain/recording.ts";
import { type OpenFaultDesk, openFaultDesk } from "./fault-book/open-fault-desk.ts";
import { importedFolder, importedPath, withImported } from "./imported-captures.ts";
import { filePins, type PinStore } from "./intercept/pins.ts";
import {
  type Intercept,
  type InterceptOptions,
  startIntercept,
} from "./intercept/start-intercept.ts";
import { type KeyLog, openKeyLog } from "./key-log.ts";
import { measureLoopLag } from "./loop-lag.ts";
import { notifyFindings } from "./notify-findings.ts";
import { openBreakpoints } from "./open-breakpoints.ts";
import { openComparison } from "./open-comparison.ts";
import { openReplay } from "./open-replay.ts";
import { openLogDoor } from "./receive-logs.ts";
import type { PageConfig } from "./server/messages.ts";
import type { ServerOptions } from "./server/server-options.ts";
import { startServer } from "./server/start-server.ts";
import { type StartedRecorder, startRecorder } from "./start-recorder.ts";
import { openReader } from "./store/open-reader.ts";
import { openTransfers } from "./transfers.ts";
import { version } from "./version.ts";
import { startProbes } from "./vitals/probes/start-probes.ts";
import { startVitals } from "./vitals/start-vitals.ts";
import { openXmppDesk } from "./xmpp-client/xmpp-desk.ts";
import { xmppNetwork } from "./xmpp-network.ts";

/** Finesse's own ports: decrypted on any host (design decision D4). */
const decryptPorts = [7443, 8445];

export interface App {
  readonly proxy: { readonly host: string; readonly port: number };
  readonly page: { readonly host: string; readonly port: number; readonly url: string };
  readonly authority: {
    readonly certificatePem: string;
    readonly path: string;
    readonly fingerprint256: string;
  };
  readonly faults: OpenFaultDesk;
  readonly recorder: Pick<Recorder, "status" | "findings">;
  close(): Promise<void>;
}

/** `timeScale`: protocol seconds in a real one, for a simulator that runs faster. `simulated`: hosts that nobody works on. */
export async function startApp(
  config: Config,
  log: Log,
  timeScale = 1,
  simulated: readonly string[] = [],
): Promise<App> {
  const folder = openDataFolder(config.settings.dataDir);
  sweepTemporaryFolders();
  const closers: (() => Promise<void> | void)[] = [() => folder.release()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return { ...(await wire(config, { log, folder, timeScale, simulated }, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Given {
  readonly log: Log;
  readonly folder: DataFolder;
  readonly timeScale: number;
  readonly simulated: readonly string[];
}

/** Each part that was started leaves the way to end it in `closers`. */
async function wire(
  config: Config,
  given: Given,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<App, "close">> {
  const { settings } = config;
  const { log, folder, timeScale, simulated } = given;
  const authority = await openAuthority(settings.certsDir, {
    clock: systemClock,
    permit: settings.caPermit,
  });

  const path = join(settings.dataDir, "capture.sqlite");
  const started = await startRecorder(
    { path, ...folder.newCapture(), ...recorderSettings(config), timeScale },
    log,
  );
  closers.push(() => started.close());
  const { recorder } = started;
  const live = openReader(path, { captureId: () => recorder.status().captureId, log });
  const reader = withImported(live, settings.dataDir, log);
  closers.push(() => reader.close());

  const faultsPath = join(settings.dataDir, "faults.json");
  const parts = { recorder, reader, clock: systemClock, log };
  const faults = openFaultDesk({ path: faultsPath, ...parts, timeScale });
  closers.push(() => faults.close());
  const ownPorts: number[] = [];
  const keys = keyLogOf(config, log, closers);
  const intercept = interceptSettings(config, log, keys);
  const { emit } = started;
  const rules = { rules: faults.armed, touched: toldTo(faults, recorder) };
  const shared = { authority, emit, ...rules, ownPorts: () => ownPorts };
  const proxy = await startIntercept({ ...intercept, ...shared });
  closers.push(() => proxy.close());
  ownPorts.push(proxy.port);
  started.setProxyPort(proxy.port);

  const breakpoints = openBreakpoints({ gate: proxy.faults, recorder, clock: systemClock, log });
  faults.holds(breakpoints);
  closers.push(startWatching({ log, started, proxy, probes: settings.probes }));
  const logs = openLogDoor({
    clocks: (sids) => clockReference(reader, sids),
    keep: (observations, replaces) => recorder.observe(observations, replaces),
  });
  closers.push(startNotifying(config, recorder, log));
  const lag = measureLoopLag();
  closers.push(() => lag.stop());
  const server = await startServer({
    host: settings.host,
    port: settings.pagePort,
    token: folder.token(settings.token),
    ...parts,
    faults: faults.desk,
    webDir: join(dirname(dirname(fileURLToPath(import.meta.url))), "web", "dist"),
    ca: { ...authority, pem: authority.certificatePem, der: authority.certificateDer },
    proxy: () => proxy,
    finesseHosts: () => proxy.finesseHosts(),
    receiveLog: logs.receive,
    breakpoints,
    ...openConsole({ config, pins: intercept.pins, reader, log }, closers),
    ...handDesks({ reader, recorder, proxy, simulated }),
    ...transferDoors(config, { path, current: () => recorder.status().captureId }),
    config: () => pageConfig(config, { proxy, page: server, authority, timeScale }),
    loopLagMs: () => lag.read(),
    version,
  });
  closers.push(() => server.close());
  ownPorts.push(server.port);
  const { host, port: pagePort, url } = server;
  folder.announce({ pid: process.pid, proxyPort: proxy.port, pagePort, host, url });
  return { proxy, page: server, authority, faults, recorder };
}

/** Names the exchange by its id, as rules show it. */
const toldTo =
  (faults: OpenFaultDesk, recorder: Recorder) =>
  (rule: string, exchange: number): void =>
    faults.touched(rule, `${recorder.status().captureId}-${exchange}`);

/** The XMPP console: sessions of its own by the proxy's rules, and agents' sessions out of the capture. */
function openConsole(
  given: {
    readonly config: Config;
    readonly pins: PinStore;
    readonly reader: CaptureReader;
    readonly log: Log;
  },
  closers: (() => Promise<void> | void)[],
): Pick<ServerOptions, "xmpp" | "agentStanzas"> {
  const { config, pins, reader, log } = given;
  const network = xmppNetwork(config.settings, pins);
  const opened = openXmppDesk({ network, clock: systemClock, log });
  closers.push(() => opened.close());
  return { xmpp: opened.desk, agentStanzas: agentStanzas(reader) };
}

/** What a person does with single exchanges. */
function handDesks(parts: {
  readonly reader: CaptureReader;
  readonly recorder: Recorder;
  readonly proxy: Intercept;
  readonly simulated: readonly string[];
}): Pick<ServerOptions, "replay" | "compare"> {
  const { reader, recorder, proxy, simulated } = parts;
  const send: Intercept["send"] = (request) => proxy.send(request);
  const isSimulated = (host: string): boolean => simulated.includes(host);
  return {
    replay: openReplay({ reader, recorder, send, isSimulated }),
    compare: openComparison(reader),
  };
}

/** What the server needs to give files and to take them. */
function transferDoors(
  { settings }: Config,
  capture: { readonly path: string; readonly current: () => string },
): Pick<ServerOptions, "exportFile" | "importFile"> {
  const transfers = openTransfers();
  const folder = importedFolder(settings.dataDir);
  return {
    async exportFile({ format, captureId, ...order }) {
      const id = captureId ?? capture.current();
      const source = importedPath(settings.dataDir, id) ?? capture.path;
      const { bytes, done } = await transfers.export({
        ...order,
        source,
        captureId: id,
        format: format ?? "har",
        isReportOnly: format === null,
      });
      return { bytes, report: done.report };
    },
    async importFile(name, body, given) {
      const { bodyLimit, keepSecrets } = settings;
      const keys = settings.keylog ?? null;
      const options = { folder, ...given, keys, keepSecrets, bodyLimit, name };
      const { path: _path, facts, ...imported } = await transfers.import(name, body, options);
      const { maker, isCut, packets = null } = facts;
      return { ...imported, maker, isCut, packets };
    },
  };
}

/** Tells findings to whom the settings name. Returns the way to end it. */
function startNotifying({ settings }: Config, recorder: Recorder, log: Log): () => void {
  const { notifyWebhook: webhook = null, notifyDesktop: desktop } = settings;
  return notifyFindings({ recorder, webhook, desktop, log, platform: process.platform });
}

/** This PC each second; servers in trouble when the diagnosis asks for it. Returns the way to end both. */
function startWatching({ log, started, proxy, probes: allowed }: Watching): () => void {
  const { recorder } = started;
  const vitals = startVitals({
    clock: systemClock,
    log,
    emit: (sample) => started.sampled(sample),
  });
  started.onClientPids((pids) => vitals.setPids(pids));
  const probes = startProbes({
    get: (get) => proxy.get(get),
    clock: systemClock,
    emit: (result) => started.probed(result),
    exchangeId: (number) => `${recorder.status().captureId}-${number}`,
    log,
  });
  if (allowed) started.onProbeWanted((host, port) => void probes.want(host, port));
  return () => {
    vitals.stop();
    probes.stop();
  };
}

interface Watching {
  readonly log: Log;
  readonly started: StartedRecorder;
  readonly proxy: Intercept;
  readonly probes: boolean;
}

function interceptSettings(
  { settings }: Config,
  log: Log,
  keys: KeyLog | null,
): Omit<InterceptOptions, "authority" | "emit" | "ownPorts" | "rules" | "touched"> {
  const { host, proxyPort: port, serverCerts, legacyTls, bodyLimit, upstream = null } = settings;
  return {
    host,
    port,
    serverCerts,
    legacyTls,
    bodyLimit,
    upstream,
    clock: systemClock,
    log,
    scope: { decryptPorts, finesse: settings.finesse },
    resolve: new Map(settings.resolve.map(({ from, ...to }) => [from, to])),
    pins: filePins(join(settings.dataDir, "pins.json"), log),
    keylog: keys?.write ?? null,
  };
}

function keyLogOf(
  { settings: { keylog: path } }: Config,
  log: Log,
  closers: (() => void)[],
): KeyLog | null {
  if (path === undefined) return null;
  const keys = openKeyLog(path, (why) => log.error("keylog.failed", { path, why }));
  closers.push(() => keys.close());
  return keys;
}

function recorderSettings({ settings }: Config): {
  bodyLimit: number;
  keepSecrets: boolean;
  keyLog: string | null;
  maxBytes: number;
  maxAgeMs: number;
} {
  const { bodyLimit, keepSecrets, maxSize, maxAge, keylog: keyLog = null } = settings;
  return { bodyLimit, keepSecrets, keyLog, maxBytes: maxSize, maxAgeMs: maxAge };
}

interface Listening {
  readonly proxy: { readonly host: string; readonly port: number };
  readonly page: { readonly host: string; readonly port: number };
  readonly authority: { readonly fingerprint256: string; readonly subject: string };
  readonly timeScale: number;
}

function pageConfig(config: Config, listening: Listening): PageConfig {
  const { proxy, page, authority, timeScale } = listening;
  const { settings } = config;
  return {
    version,
    proxy: { host: proxy.host, port: proxy.port },
    page: { host: page.host, port: page.port },
    caFingerprint256: authority.fingerprint256,
    caSubject: authority.subject,
    platform: process.platform,
    bodyLimit: settings.bodyLimit,
    finesse: settings.finesse.map(({ host, ports }) =>
      ports === null ? host : `${host}:${ports.join(",")}`,
    ),
    decryptPorts,
    serverCerts: settings.serverCerts,
    timeScale,
    options: listSettings(config),
  };
}
