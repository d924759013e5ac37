/** Boshscope with a recording in the place of its servers: what a client asks through the proxy is answered out of the capture. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type App, startApp } from "./app.ts";
import { systemClock } from "./base/clock.ts";
import { fail } from "./base/errors.ts";
import type { Log } from "./base/log.ts";
import { temporaryFolder } from "./base/temporary-folder.ts";
import { openAuthority } from "./ca/authority.ts";
import { openCapture } from "./capture-folder.ts";
import { captureAt } from "./cli/bring-in.ts";
import { playbackCommand } from "./cli/commands.ts";
import { readFlags } from "./cli/flags.ts";
import { passwordOf } from "./cli/given.ts";
import { type Config, readConfig } from "./config.ts";
import type { Recording } from "./playback/recording.ts";
import { type Playback, startPlayback } from "./playback-server/start-playback.ts";
import { recordingOf } from "./read-recording.ts";

export interface PlayFlags {
  /** File of any format, or a data folder. */
  readonly path: string;
  /** Of a file with several: that capture; null = the newest that has exchanges. */
  readonly capture: string | null;
  /** Of its sessions, the one with this sid alone. */
  readonly session: string | null;
  /** Recorded ms in one real one. */
  readonly speed: number;
  /** No proxy in front: the servers alone. */
  readonly serversOnly: boolean;
  readonly password: string | null;
  readonly rest: readonly string[];
}

const usage = "boshscope help playback tells more.";
const fastest = 1000;

/** The word is the capture; what else is given are settings of `start`. Throws "config-invalid". */
export function readPlayFlags(argv: readonly string[], env: NodeJS.ProcessEnv): PlayFlags {
  const flags = readFlags(argv, playbackCommand);
  const [path, ...more] = flags.words;
  if (path === undefined || more.length > 0)
    throw fail("config-invalid", { problem: "One capture is played.", remedy: usage });
  const speed = Number(flags.value("--speed") ?? 1);
  if (!(speed > 0 && speed <= fastest))
    throw fail("config-invalid", {
      problem: `--speed is a number up to ${fastest}.`,
      remedy: usage,
    });
  return {
    path,
    capture: flags.value("--capture"),
    session: flags.value("--session"),
    speed,
    serversOnly: flags.has("--servers-only"),
    password: passwordOf(flags, env),
    rest: flags.rest,
  };
}

export interface Played {
  readonly recording: Recording;
  readonly playback: Playback;
  readonly config: Config;
  /** null = the servers alone. */
  readonly app: App | null;
  close(): Promise<void>;
}

/** Throws "file-unreadable", "playback-empty", and what `startApp` throws. */
export async function startPlayed(
  flags: PlayFlags,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<Played> {
  const config = readConfig(flags.rest, env);
  const recording = await loadRecording(flags);
  const { certsDir, caPermit } = config.settings;
  const authority = await openAuthority(certsDir, { clock: systemClock, permit: caPermit });
  const playback = await startPlayback({
    recording,
    speed: flags.speed,
    authority,
    clock: systemClock,
    log,
  });
  const led = ledTo(config, playback);
  try {
    const simulated = playback.places.map(({ host }) => host);
    const app = flags.serversOnly ? null : await startApp(led, log, flags.speed, simulated);
    const close = async (): Promise<void> => {
      await app?.close();
      await playback.close();
    };
    return {
      recording,
      playback,
      config: led,
      app: app === null ? null : { ...app, close },
      close,
    };
  } catch (error) {
    await playback.close();
    throw error;
  }
}

async function loadRecording(flags: PlayFlags): Promise<Recording> {
  const { session, capture, password } = flags;
  const path = captureAt(flags.path);
  const folder = temporaryFolder("playback");
  try {
    const only = capture ?? "newest";
    const source = await openCapture(path, { folder, password, only, onProgress: noProgress });
    try {
      const recording = await recordingOf(source.copies(), session);
      check(recording, path, session);
      return recording;
    } finally {
      await source.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check(recording: Recording, path: string, session: string | null): void {
  const { sessions, headless, calls } = recording;
  if (session !== null && sessions.length === 0) {
    const why = headless.includes(session)
      ? `the beginning of session ${session} was not recorded`
      : `it has no session ${session}`;
    throw fail("playback-empty", { path, why });
  }
  if (sessions.length === 0 && calls.length === 0) throw fail("playback-empty", { path });
}

const noProgress = (): void => undefined;

/** The proxy leads the recorded hosts to the playback, and all of them are decrypted. Its captures stay apart from real ones. */
function ledTo(config: Config, playback: Playback): Config {
  const { settings, origins } = config;
  const resolve = playback.places.map(({ host, port, address, realPort }) => ({
    from: `${host}:${port}`,
    address,
    port: realPort,
  }));
  const secure = Map.groupBy(
    playback.places.filter((place) => place.secure),
    ({ host }) => host,
  );
  const finesse = [...secure].map(([host, places]) => ({
    host,
    ports: places.map(({ port }) => port),
  }));
  const dataDir =
    origins["dataDir"] === "default" ? join(settings.dataDir, "playback") : settings.dataDir;
  return {
    origins,
    settings: {
      ...settings,
      dataDir,
      serverCerts: "off",
      resolve: [...settings.resolve, ...resolve],
      finesse: [...settings.finesse, ...finesse],
    },
  };
}

/** What is played, and where it listens. */
export function playSummary({ recording, playback, app }: Played): string {
  const { sessions, headless, calls } = recording;
  const listed = sessions.map(
    ({ sid, agent, host, port, startedAt }) =>
      `          ${sid}  ${agent ?? "?"}  ${host}:${port}  ${new Date(startedAt).toISOString()}`,
  );
  const without =
    headless.length === 0
      ? []
      : [
          `          ${headless.length} more can't be played, as their beginning was not recorded: ${headless.slice(0, 5).join(" ")}`,
        ];
  const flags = playback.resolveFlags.map((flag) => `          --resolve ${flag}`);
  const where =
    app === null
      ? ["  Listens at (for a proxy, or curl with our CA)", ...flags]
      : ["  The proxy leads the recorded hosts here; what has no answer is told in the log"];
  return ["", `  Plays   ${sessions.length} sessions, ${calls.length} other requests`]
    .concat(listed, without, where)
    .join("\n");
}
