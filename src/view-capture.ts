/** The page on a file: what `boshscope open` shows. No proxy, no recorder, and the file stays as it is. */
import { randomBytes } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentStanzas } from "./agent-stanzas.ts";
import { systemClock } from "./base/clock.ts";
import { fail, renamed } from "./base/errors.ts";
import type { Log } from "./base/log.ts";
import { temporaryFolder } from "./base/temporary-folder.ts";
import { copyOfOwn, importFile, refuseChoice } from "./capture-folder.ts";
import { type Config, listSettings } from "./config.ts";
import type { FaultDesk } from "./domain/fault-desk.ts";
import type { CaptureInfo, CaptureReader } from "./domain/recording.ts";
import type { XmppDesk } from "./domain/xmpp-console.ts";
import { noSuchCapture } from "./interchange/export-copies.ts";
import { formatOf } from "./interchange/open-file.ts";
import { measureLoopLag } from "./loop-lag.ts";
import { openComparison } from "./open-comparison.ts";
import { type Server, startServer } from "./server/start-server.ts";
import { openReader } from "./store/open-reader.ts";
import { timelineOf } from "./timeline-of.ts";
import { openTransfers } from "./transfers.ts";
import { version } from "./version.ts";
import { type ViewedCapture, viewedRecorder } from "./viewed-recorder.ts";

export interface ViewOptions {
  readonly config: Config;
  readonly password: string | null;
  /** File of TLS keys, for packet captures. */
  readonly keys: string | null;
  /** null = the newest that has exchanges. */
  readonly captureId: string | null;
  readonly log: Log;
  readonly onProgress: (progress: { readonly bytes: number; readonly exchanges: number }) => void;
}

export interface View {
  readonly page: { readonly host: string; readonly port: number; readonly url: string };
  readonly viewed: ViewedCapture;
  close(): Promise<void>;
}

/** Resolves once the page can be opened. Throws "file-unreadable", "password-needed", "not-found", "port-in-use". */
export async function viewCapture(file: string, options: ViewOptions): Promise<View> {
  const folder = temporaryFolder("open");
  const closers: (() => Promise<void> | void)[] = [
    () => rmSync(folder, { recursive: true, force: true }),
  ];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const opened = await openCopy(file, folder, options);
    closers.push(() => opened.reader.close());
    const server = await serve(opened, options);
    closers.push(() => server.close());
    const { host, port, url } = server;
    return { page: { host, port, url }, viewed: opened.viewed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opened {
  readonly path: string;
  readonly reader: CaptureReader;
  readonly viewed: ViewedCapture;
}

/** Of our own files a copy, as an older schema is brought up to date; of others what was read from them. */
async function openCopy(file: string, folder: string, options: ViewOptions): Promise<Opened> {
  const { log, password, onProgress } = options;
  const format = await formatOf(file);
  let path = join(folder, "copy.sqlite");
  let wanted = options.captureId;
  if (format === "boshscope") {
    copyOfOwn(file, path);
  } else {
    refuseChoice(options.captureId, file);
    const keep = {
      keys: options.keys,
      keepSecrets: false,
      bodyLimit: options.config.settings.bodyLimit,
    };
    const imported = await importFile(file, { folder, password, ...keep, onProgress });
    ({ path } = imported);
    wanted = imported.captureId;
  }
  let captureId = wanted ?? "";
  const reader = openReader(path, { captureId: () => captureId, log });
  try {
    const info = await captureOf(reader, wanted);
    captureId = info.id;
    return { path, reader, viewed: await viewedOf(reader, info, { file, path, onProgress }) };
  } catch (error) {
    await reader.close();
    throw renamed(error, path, file);
  }
}

async function captureOf(reader: CaptureReader, wanted: string | null): Promise<CaptureInfo> {
  const captures = await reader.captures();
  const found =
    wanted === null
      ? (captures.find(({ exchanges }) => exchanges > 0) ?? captures[0])
      : captures.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  throw noSuchCapture(wanted, captures);
}

async function viewedOf(
  reader: CaptureReader,
  info: CaptureInfo,
  from: { readonly file: string; readonly path: string } & Pick<ViewOptions, "onProgress">,
): Promise<ViewedCapture> {
  const timeline = await timelineOf(reader, info, {
    nowWall: systemClock.wall(),
    onRead: (exchanges) => from.onProgress({ bytes: -1, exchanges }),
  });
  const { pending } = await reader.totals();
  return {
    captureId: info.id,
    name: info.name,
    file: basename(from.file),
    exchanges: info.exchanges,
    pending,
    bytes: statSync(from.path).size,
    secretsKept: info.secretsKept,
    openedAt: new Date(systemClock.wall()).toISOString(),
    endWall: info.endedAt === null ? systemClock.wall() : Date.parse(info.endedAt),
    timeline,
    findings: await reader.storedFindings(info.id),
  };
}

const readOnly = (): Promise<never> => Promise.reject(fail("read-only"));

async function serve({ path, reader, viewed }: Opened, options: ViewOptions): Promise<Server> {
  const { config, log } = options;
  const { settings } = config;
  const recorder = viewedRecorder(viewed);
  const transfers = openTransfers();
  const lag = measureLoopLag();
  const nowhere = { host: settings.host, port: 0 };
  const server: Server = await startServer({
    host: settings.host,
    // Beside a running Boshscope, unless a port was asked for.
    port: config.origins["pagePort"] === "default" ? 0 : settings.pagePort,
    token: settings.token ?? randomBytes(18).toString("base64url"),
    recorder,
    reader,
    // It is always the moment at which the capture ended: what waited then has waited until then.
    clock: { mono: () => systemClock.mono(), wall: () => viewed.endWall },
    log,
    faults: noFaults,
    webDir: join(dirname(dirname(fileURLToPath(import.meta.url))), "web", "dist"),
    ca: { pem: "", der: new Uint8Array(), fingerprint256: "–", subject: "–" },
    proxy: () => nowhere,
    finesseHosts: () => [],
    receiveLog: readOnly,
    breakpoints: { held: () => [], settle: readOnly },
    replay: { replay: readOnly, compose: readOnly },
    compare: openComparison(reader),
    xmpp: noXmpp,
    agentStanzas: agentStanzas(reader),
    async exportFile({ format, captureId, ...order }) {
      const { bytes, done } = await transfers.export({
        ...order,
        source: path,
        captureId: captureId ?? viewed.captureId,
        format: format ?? "har",
        isReportOnly: format === null,
      });
      return { bytes, report: done.report };
    },
    importFile: readOnly,
    config: () => ({
      version,
      proxy: nowhere,
      page: { host: server.host, port: server.port },
      caFingerprint256: "–",
      caSubject: "–",
      platform: process.platform,
      bodyLimit: settings.bodyLimit,
      finesse: [],
      decryptPorts: [],
      serverCerts: settings.serverCerts,
      timeScale: 1,
      options: listSettings(config),
    }),
    loopLagMs: () => lag.read(),
    version,
  });
  return {
    ...server,
    async close() {
      lag.stop();
      await server.close();
    },
  };
}

const noXmpp: XmppDesk = {
  signIn: readOnly,
  sessions: () => [],
  run: readOnly,
  stanzas: () => refuse(),
  signOut: readOnly,
};

const refuse = (): never => {
  throw fail("read-only");
};

const noFaults: FaultDesk = {
  rules: () => [],
  runs: () => [],
  held: () => [],
  add: readOnly,
  replace: readOnly,
  arm: readOnly,
  disarm: refuse,
  remove: refuse,
  importRules: refuse,
  panic: () => undefined,
  run: readOnly,
  onChange: () => () => undefined,
};
