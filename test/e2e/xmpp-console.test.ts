/**
 * The XMPP console before servers that nobody here wrote: over every transport it lists the nodes that are there, and that profanity, a client
 * that nobody here wrote either, is told by the same server. And the command as scripts run it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { nodesIn } from "../../src/console/answers.ts";
import type { CommandAnswer } from "../../src/domain/xmpp-console.ts";
import { readXml } from "../../src/xml/read-xml.ts";
import { startEjabberd } from "../support/ejabberd.ts";
import { askByProfanity } from "../support/profanity.ts";
import { startProsody } from "../support/prosody.ts";
import { demoHost } from "../support/tls-fixtures.ts";
import { networkTo, type Ports, runLines, signInOrder } from "../support/xmpp-client.ts";
import { runXmppCommand, type XmppRun } from "../support/xmpp-command.ts";
import { pubsubOwner, type XmppServer } from "../support/xmpp-server.ts";

const agent = { name: "1001003", password: "Pl4nted!Secret" };
const owner = { name: pubsubOwner, password: "0wner!Secret" };
const own = "/finesse/api/User/1001003";
const nodes = [
  "/finesse/api/SystemInfo",
  "/finesse/api/Team/1/Users",
  own,
  `${own}/ClientLog`,
  `${own}/Dialogs`,
  `${own}/Queue/13`,
  "/finesse/api/User/1001004",
];
const pubsub = `pubsub.${demoHost}`;
const pubsubSet = (content: string): string =>
  `<iq type='set' to='${pubsub}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>${content}</pubsub></iq>`;
const publish = pubsubSet(
  `<publish node='${own}'><item id='i1'><notification xmlns='http://jabber.org/protocol/pubsub'>&lt;Update&gt;&lt;/Update&gt;</notification></item></publish>`,
);
const namesIn = (answer: CommandAnswer | undefined): (string | null)[] | undefined =>
  answer?.nodes?.map(({ node }) => node);

function portsOf({ tcpPorts, httpsPort }: XmppServer): Ports {
  if (tcpPorts === null) throw new Error("no TCP ports");
  return { 7443: httpsPort, 5222: tcpPorts.starttls, 5223: tcpPorts.tls };
}

/** Nodes as an owner makes them. */
async function withNodes(server: XmppServer): Promise<ReturnType<typeof networkTo>> {
  const network = networkTo(portsOf(server));
  const lines = nodes.map((node) => pubsubSet(`<create node='${node}'/>`));
  const order = signInOrder("tls", { user: owner.name });
  const made = await runLines(network, order, owner.password, lines);
  expect(made.filter(({ answer }) => answer?.includes("<error"))).toEqual([]);
  return network;
}

async function nodesByProfanity(port: number): Promise<(string | null)[]> {
  const options = { jid: `${agent.name}@${demoHost}`, password: agent.password, port };
  const query = `<iq type='get' to='${pubsub}' id='nodes1'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`;
  const answer = await askByProfanity(options, query, "nodes1");
  const read = readXml(answer);
  if (read.kind === "unparseable") throw new Error(answer);
  return nodesIn(read.root).map(({ node }) => node);
}

const servers = [
  { start: startProsody, webSocket: "/xmpp-websocket" },
  { start: startEjabberd, webSocket: "/ws" },
] as const;
const table: string[] = [];

describe.each(servers)("$start.name", ({ start, webSocket }) => {
  test("over all transports the nodes that are there, and that profanity lists", async () => {
    await using server = await start({ users: [agent, owner], tcp: true });
    const network = await withNodes(server);
    for (const transport of ["bosh", "websocket", "starttls", "tls"] as const) {
      const path = transport === "websocket" ? { path: webSocket } : {};
      const order = signInOrder(transport, path);
      const lines = ["nodes", `subscribe ${own}`, "subscriptions", "ping", "presence"];
      const answers = await runLines(network, order, agent.password, lines);
      expect(namesIn(answers[0])).toEqual(nodes);
      // Only this session's own: the one before took its subscription back.
      expect(answers[2]?.subscriptions).toMatchObject([{ node: own, state: "subscribed" }]);
      table.push(`${server.kind.padEnd(9)} ${transport.padEnd(10)} ${nodes.length} nodes`);
      await expect(runLines(network, order, "guess", [])).rejects.toThrow(/not-authorized/);
    }
    const listed = await nodesByProfanity(server.tcpPorts?.starttls ?? 0);
    expect(listed).toEqual(nodes);
    table.push(`${server.kind.padEnd(9)} profanity  ${listed.length} nodes`);
  });
});

/** Runs `boshscope xmpp` against the server. */
function commandTo(server: XmppServer, dataDir: string) {
  const resolve = Object.entries(portsOf(server)).flatMap(([port, real]) => [
    "--resolve",
    `${demoHost}:${port}:127.0.0.1:${real}`,
  ]);
  return (args: readonly string[], more: Parameters<typeof runXmppCommand>[1] = {}) =>
    runXmppCommand([`${agent.name}@${demoHost}`, ...args, ...resolve, "--data-dir", dataDir], {
      password: agent.password,
      ...more,
    });
}

test("the command hears what it subscribed to, keeps no password, and says by its exit code what went wrong", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "boshscope-xmpp-"));
  await using server = await startProsody({ users: [agent, owner], tcp: true });
  const network = await withNodes(server);
  const run = commandTo(server, dataDir);
  const act = () =>
    runLines(network, signInOrder("bosh", { user: owner.name }), owner.password, [publish]);
  const subscribe = ["--command", `subscribe ${own}`];
  const watching = ["--transport", "tls", "--watch", "--filter", "kind:message"];
  const watched = await run([...watching, ...subscribe], { onOutput: whenSubscribed(act) });
  expect(watched.stanzas.map(({ node, direction }) => [node, direction])).toEqual([[own, "in"]]);

  const input = `${agent.password}\nsubscriptions\nsubscribe /no/such\nnodes\n`;
  const scripted = await run(["--password-stdin"], { password: "", input });
  expect(scripted.code).toBe(1);
  expect(scripted.lines.map(({ kind }) => kind)).toEqual([
    "session",
    "answer",
    "error",
    "answer",
    "ended",
  ]);
  expect(scripted.answers[0]?.subscriptions).toEqual([]);
  expect(namesIn(scripted.answers[1])).toEqual(nodes);

  const taken = await run(["--resource", "Desktop"]);
  expect(taken.errors).toMatch(/would end the agent's session/);
  const shown = await run(["--password", agent.password]);
  expect(shown.errors).toMatch(/can be read by every user/);

  const kept = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), "latin1"));
  expect(kept.join("")).toContain(`"${demoHost}:5223"`);
  expect(secretsIn([...kept, ...[watched, scripted, taken, shown].map(said)])).toEqual([]);
  rmSync(dataDir, { recursive: true, force: true });
});

const said = ({ output, errors }: XmppRun): string => output + errors;

function secretsIn(texts: readonly string[]): string[] {
  const sasl = Buffer.from(`\0${agent.name}\0${agent.password}`).toString("base64");
  return [agent.password, sasl].filter((secret) => texts.join("").includes(secret));
}

/** Once subscribed, somebody publishes; once that is heard, the console is told to end. */
function whenSubscribed(publishes: () => Promise<unknown>) {
  let isPublished = false;
  return (output: string, stop: () => void): void => {
    if (!isPublished && output.includes('"command":"subscribe"')) {
      isPublished = true;
      publishes().catch(stop);
    }
    if (output.includes('"kind":"stanza"')) stop();
  };
}

afterAll(() => {
  process.stdout.write(`node lists\n${table.join("\n")}\n`);
});
