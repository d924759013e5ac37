/** mockttp as its README starts an intercepting proxy: one rule that lets everything through. */
import { answerReports } from "./loop-lag.ts";
import { loadPeer } from "./own-package.ts";

interface Mockttp {
  generateCACertificate(): Promise<{ key: string; cert: string }>;
  getLocal(options: { https: { key: string; cert: string } }): {
    forAnyRequest(): {
      thenPassThrough(options: { ignoreHostHttpsErrors: boolean }): Promise<unknown>;
    };
    start(): Promise<void>;
    readonly port: number;
  };
}

const mockttp = loadPeer("mockttp") as Mockttp;
const server = mockttp.getLocal({ https: await mockttp.generateCACertificate() });
await server.forAnyRequest().thenPassThrough({ ignoreHostHttpsErrors: true });
await server.start();
answerReports();
process.send?.({ kind: "ready", port: server.port });
