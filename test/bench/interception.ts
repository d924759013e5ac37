/** Whether a proxy really ends TLS: a blind tunnel would be fast, and no measure of anything here. */
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { upstreamAddress } from "./upstream.ts";

const DEADLINE_MS = 15_000;

function fingerprint(proxyPort: number): Promise<string> {
  const { host, port } = upstreamAddress;
  return new Promise((resolve, reject) => {
    const socket = proxyPort === 0 ? connectTcp(port, host) : connectTcp(proxyPort, "127.0.0.1");
    const late = setTimeout(() => socket.destroy(new Error("no TLS in time")), DEADLINE_MS);
    const settle = (act: () => void): void => {
      clearTimeout(late);
      act();
      socket.destroy();
    };
    const secure = (): void => {
      const tls = connectTls({ socket, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
      tls.write(`GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`);
      tls.once("data", () => settle(() => resolve(tls.getPeerCertificate().fingerprint256)));
      tls.once("error", (error) => settle(() => reject(error)));
    };
    socket.once("error", (error) => settle(() => reject(error)));
    if (proxyPort === 0) {
      secure();
      return;
    }
    socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
    let answer = "";
    socket.on("data", function read(bytes: Buffer) {
      answer += bytes.toString("latin1"); // http-mitm-proxy writes its answer in two parts
      if (!answer.includes("\r\n\r\n")) return;
      socket.off("data", read);
      secure();
    });
  });
}

/** Throws when the certificate shown through the proxy is the server's own; returns how many requests it made through it. */
export async function checkInterception(proxyPort: number): Promise<number> {
  if (proxyPort === 0) return 0;
  const [own, shown] = await Promise.all([fingerprint(0), fingerprint(proxyPort)]);
  if (own === shown) throw new Error("it lets the load through undecrypted");
  return 1;
}
