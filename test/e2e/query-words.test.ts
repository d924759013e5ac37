/** The filter's words for sessions, from the wire to the API: what an agent's polls say is found again. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { type BoshscopeProcess, startBoshscopeProcess } from "../support/boshscope-process.ts";
import { demoHost, trusted } from "../support/tls-fixtures.ts";
import { sample } from "../unit/bosh/samples.ts";

const agent = "1001003";
const sid = "f382a015";
const first = 2_861_121_871;

const body = (rid: number, inside = "") =>
  `<body xmlns="http://jabber.org/protocol/httpbind" sid="${sid}" rid="${rid}">${inside}</body>`;
/** The samples, with the agent of the query. */
const named = (content: string) => content.replaceAll("47483648", agent);
const bound = named(sample("bosh/24_bind_resp.composed.xml"));
const ready = named(sample("bosh/40_notification_user_put.1571.reconstructed.xml"));
const answers: readonly string[] = [
  sample("bosh/21_create_resp.composed.xml"),
  bound,
  ready,
  sample("bosh/30_empty_poll_resp.cisco57.seed-derived.xml"),
  ready.replaceAll("READY", "NOT_READY"),
];

/** Answers by the rid's place after the first, the same each time. */
async function startServer() {
  const server = createServer({ cert: trusted.cert, key: trusted.key }, (request, response) => {
    void text(request).then((asked) => {
      const rid = Number(/rid="(\d+)"/.exec(asked)?.[1]);
      response.writeHead(200, { "content-type": "text/xml" }).end(answers[rid - first] ?? "");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function throughProxy({ proxyPort, caPem }: BoshscopeProcess): Promise<TLSSocket> {
  const asking = httpRequest({
    port: proxyPort,
    method: "CONNECT",
    path: `${demoHost}:7443`,
  }).end();
  const [, socket] = (await once(asking, "connect")) as [IncomingMessage, Socket];
  const secure = connect({ socket, servername: demoHost, ca: caPem });
  await once(secure, "secureConnect");
  return secure;
}

/** One POST on the kept connection; resolves with the whole answer. */
async function post(socket: TLSSocket, content: string): Promise<void> {
  socket.write(
    `POST /http-bind/ HTTP/1.1\r\nHost: ${demoHost}:7443\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`,
  );
  for (let got = ""; !/<\/body>|\/>\s*$/.test(got); ) {
    const [part] = (await once(socket, "data")) as [Buffer];
    got += part.toString();
  }
}

test("agent: sid: rid: event: is:empty is:retransmission gap>1s", async () => {
  await using server = await startServer();
  await using boshscope = await startBoshscopeProcess([
    "--resolve",
    `${demoHost}:7443:127.0.0.1:${server.port}`,
  ]);
  const socket = await throughProxy(boshscope);
  await post(socket, named(sample("bosh/01_create_req.jabberwerx.captured.xml")));
  await post(socket, body(first + 1, "<iq xmlns='jabber:client' type='set' id='b'/>"));
  await post(socket, body(first + 2));
  await post(socket, body(first + 3));
  const thinking = performance.now();
  while (performance.now() - thinking < 1050)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await post(socket, body(first + 4));
  await post(socket, body(first + 4));
  socket.destroy();
  await boshscope.until(
    (rows) => rows.length === 6 && rows.every(({ agent: is }) => is === agent),
    `sid:${sid}`,
  );

  const numbers = async (query: string): Promise<number[]> =>
    (await boshscope.exchanges(query))
      .map(({ rid }) => (rid ?? 0) - first)
      .toSorted((a, b) => a - b);
  const words: readonly (readonly [string, readonly number[]])[] = [
    [`agent:${agent}`, [0, 1, 2, 3, 4, 4]],
    [`sid:${sid} rid:${first + 2}`, [2]],
    ["event:READY", [2, 4, 4]],
    ['event~"NOT_READY"', [4, 4]],
    ["is:empty", [3]],
    ["is:retransmission", [4]],
    ["gap>1s", [4]],
    [`agent:${agent} sid:${sid} rid:${first + 4} event:READY gap>1s`, [4]],
    [`agent:${agent} sid:${sid} rid:${first + 4} event:READY is:empty`, []],
  ];
  for (const [query, found] of words) expect([query, await numbers(query)]).toEqual([query, found]);
});
