/** The bare relay: the least a Node program can do between two TLS legs. One fixed certificate, no framer, no record, no policy: the limit. */
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, isIP, type Socket } from "node:net";
import { connect, createSecureContext, TLSSocket } from "node:tls";
import { answerReports } from "./loop-lag.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as { certificate: string; key: string };
const shown = createSecureContext({
  cert: readFileSync(settings.certificate),
  key: readFileSync(settings.key),
});
const dialling = createSecureContext({});

function link(from: TLSSocket, to: TLSSocket): void {
  from.on("data", (bytes) => {
    if (!to.write(bytes)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}

function open(socket: Socket, host: string, port: number): void {
  const client = new TLSSocket(socket, {
    isServer: true,
    secureContext: shown,
    ALPNProtocols: ["http/1.1"],
  });
  const server = connect({
    host,
    port,
    ...(isIP(host) ? {} : { servername: host }),
    secureContext: dialling,
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  });
  server.setNoDelay(true);
  link(client, server);
  link(server, client);
}

const listener = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.once("data", (bytes) => {
    const [host = "", port = "443"] = (bytes.toString("latin1").split(" ")[1] ?? "").split(":");
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    open(socket, host, Number(port));
  });
});
listener.listen(0, "127.0.0.1", () => {
  process.send?.({ kind: "ready", port: (listener.address() as AddressInfo).port });
});
answerReports();
