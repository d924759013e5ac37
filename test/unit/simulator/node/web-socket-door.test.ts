/** The WebSocket twin, frame by frame. */
import { Agent } from "node:https";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type FinessePair, startFinessePair } from "../../../../src/simulator/finesse-pair.ts";
import { Changes } from "../../../support/changes.ts";
import { sample } from "../bosh-peer.ts";

const user = "1001003";
const password = "Secret1!";
let pair: FinessePair;

beforeEach(async () => {
  pair = await startFinessePair({
    hosts: ["fin1.ucce.local", "fin2.ucce.local"],
    agents: [{ id: user, password }],
    speed: 20,
  });
});
afterEach(() => pair.close());

/** A socket whose frames can be waited for. */
function open(protocols: string[] = ["xmpp"]) {
  const frames: string[] = [];
  const changes = new Changes();
  const socket = new WebSocket(`wss://127.0.0.1:${pair.publisher.portOf(7443)}/ws/`, protocols, {
    agent: new Agent({ ca: pair.certificates, servername: "fin1.ucce.local" }),
  });
  let closed: number | null = null;
  const opened = new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  socket.on("message", (data: Buffer) => {
    frames.push(data.toString());
    changes.notify();
  });
  socket.on("close", (code) => {
    closed = code;
    changes.notify();
  });
  return {
    socket,
    opened,
    frames,
    count: (count: number) =>
      changes.until(() => (frames.length >= count ? true : undefined), `${count} frames`),
    closed: () => changes.until(() => closed ?? undefined, "the close"),
  };
}

test("the sample's session, frame by frame", async () => {
  const lines = sample("ws/01_websocket_session.strophe.captured.txt").split("\n");
  const peer = open();
  await peer.opened;
  expect(peer.socket.protocol).toBe("xmpp");
  const said = (line: string) => line.startsWith("C ");
  const ours: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (!said(line)) continue;
    peer.socket.send(line.slice(2));
    for (const answer of lines.slice(index + 1)) {
      if (!answer.startsWith("S ")) break;
      ours.push(answer.slice(2));
    }
    // The sample's server was silent about presence.
    if (line.includes("<presence")) ours.push("<presence");
    await peer.count(ours.length);
  }
  const generalise = (frame: string) =>
    frame
      .replace(/(?<= id=')[^']+(?=' xmlns='urn:ietf:params:xml:ns:xmpp-framing')/, "ID")
      .replace(/<iq .*?(id="[^"]+")[^>]*?(\/?)>/, "<iq $1$2>")
      .replace(/^<presence.*/, "<presence");
  expect(peer.frames.map(generalise)).toEqual(ours.map(generalise));
  peer.socket.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
  await peer.closed();
  expect(peer.frames.at(-1)).toContain("<close");
  expect(pair.truth()[0]).toMatchObject({ transport: "websocket", closedBecause: "terminate" });
});

test("a wrong password fails, a broken frame ends the stream", async () => {
  const peer = open();
  await peer.opened;
  peer.socket.send(
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>",
  );
  await peer.count(1);
  expect(peer.frames[0]).toContain("not-authorized");
  peer.socket.send("<open");
  await peer.closed();
});
