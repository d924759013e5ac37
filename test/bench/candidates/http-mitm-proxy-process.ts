/** http-mitm-proxy's own pipeline with no hooks, as its README starts it. */
import { Agent as PlainAgent } from "node:http";
import { Agent } from "node:https";
import type { AddressInfo } from "node:net";
import { Proxy } from "http-mitm-proxy";
import { answerReports } from "./loop-lag.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as { keepAlive: boolean; folder: string };
const proxy = new Proxy();
proxy.onError(() => undefined);
proxy.listen(
  {
    host: "127.0.0.1",
    port: 0,
    sslCaDir: settings.folder,
    ...(settings.keepAlive ? { keepAlive: true } : {}),
    // The load's server has a self-signed certificate; the agents differ from the default ones in that alone.
    httpAgent: new PlainAgent({ keepAlive: settings.keepAlive }),
    httpsAgent: new Agent({ keepAlive: settings.keepAlive, rejectUnauthorized: false }),
  },
  () => {
    const address = proxy.httpServer?.address() as AddressInfo;
    process.send?.({ kind: "ready", port: address.port });
  },
);
answerReports();
