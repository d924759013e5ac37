/** whistle with interception of HTTPS switched on (mode "capture"), for hosts that are IP numbers too; nothing else changed. */
import { createRequire } from "node:module";
import { isIP } from "node:net";
import { answerReports } from "./loop-lag.ts";
import { listenOnLoopbackOnly, loadPeer } from "./own-package.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as { folder: string; port: number };
process.env["HOME"] = settings.folder;
listenOnLoopbackOnly();
dropNumericServerNames();
const start = loadPeer("whistle") as (
  options: Record<string, unknown>,
  started: () => void,
) => void;
start(
  {
    port: settings.port,
    host: "127.0.0.1",
    baseDir: settings.folder,
    storage: "bench",
    certDir: settings.folder,
    mode: "capture|disableUpdateTips",
    // Without this rule it lets hosts that are IP numbers, as the load's are, through undecrypted.
    shadowRules: "* enable://capture",
  },
  () => process.send?.({ kind: "ready", port: settings.port }),
);
answerReports();

/** whistle sends IP numbers as SNI, which Node 26 refuses with a throw: without this it answers 502 to all of the load. */
function dropNumericServerNames(): void {
  const tls = createRequire(import.meta.url)("node:tls") as {
    connect: (options: { servername?: string }, ...rest: unknown[]) => unknown;
  };
  tls.connect = new Proxy(tls.connect, {
    apply: (connect, target, [options, ...rest]: [{ servername?: string }, ...unknown[]]) => {
      if (isIP(options.servername ?? "") > 0) options.servername = "";
      return Reflect.apply(connect, target, [options, ...rest]);
    },
  });
}
