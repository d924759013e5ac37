/** AnyProxy with interception of HTTPS switched on and its page off, nothing else changed. */
import { answerReports } from "./loop-lag.ts";
import { listenOnLoopbackOnly, loadPeer } from "./own-package.ts";

interface AnyProxy {
  ProxyServer: new (
    options: Record<string, unknown>,
  ) => {
    on(name: "ready" | "error", listener: (error?: Error) => void): void;
    start(): void;
  };
  utils: { certMgr: { generateRootCA(done: (error: Error | null) => void): void } };
}

const settings = JSON.parse(process.argv[2] ?? "{}") as { folder: string; port: number };
process.env["HOME"] = settings.folder;
listenOnLoopbackOnly();
const anyproxy = loadPeer("anyproxy") as AnyProxy;
await new Promise<void>((resolve, reject) => {
  anyproxy.utils.certMgr.generateRootCA((error) => (error ? reject(error) : resolve()));
});
const server = new anyproxy.ProxyServer({
  port: settings.port,
  forceProxyHttps: true,
  dangerouslyIgnoreUnauthorized: true,
  silent: true,
});
server.on("ready", () => process.send?.({ kind: "ready", port: settings.port }));
server.on("error", (error) => console.error(error));
server.start();
answerReports();
