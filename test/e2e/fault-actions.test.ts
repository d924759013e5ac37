/**
 * Every action of a fault rule against clients and a server that nobody here wrote: the strophe.js whose reactions were measured (1.2.16) and the newest,
 * in Chromium, by BOSH and by WebSocket, against prosody. What is observed is what the client's own log says.
 */
import { afterAll, expect, test } from "vitest";
import type { FaultAction, FaultMatch, FaultRule } from "../../src/domain/fault-rule.ts";
import type { FaultsState, SessionList } from "../../src/server/messages.ts";
import {
  type BoshscopeProcess,
  startBoshscopeProcess,
  waitFor,
} from "../support/boshscope-process.ts";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { startProsody } from "../support/prosody.ts";
import { type ClientEvent, StropheClient, stropheVersions } from "../support/strophe-client.ts";
import { demoHost } from "../support/tls-fixtures.ts";

const password = "Pl4nted!Secret";
/** Granted as asked for; Strophe gives up a poll after floor(1.1 × wait). */
const wait = 10;
const patience: Window = [11_000 * 0.9, 11_000 * 1.1];
const atOnce: Window = [0, 1000];
const nothing = { setHeaders: [], removeHeaders: [], replace: [], setPaths: [] } as const;

type Window = readonly [from: number, until: number];

interface Line {
  readonly version: string;
  /** Place of its scene. */
  readonly scene: number;
  readonly what: string;
  readonly expected: string;
  readonly observed: string;
}
const lines: Line[] = [];

/** One session: what is done to it in turn. */
class Scene {
  readonly client: StropheClient;
  readonly #boshscope: BoshscopeProcess;
  readonly #version: string;
  readonly #scene: number;

  constructor(
    boshscope: BoshscopeProcess,
    client: StropheClient,
    { version, scene }: Pick<Line, "version" | "scene">,
  ) {
    this.#boshscope = boshscope;
    this.client = client;
    this.#version = version;
    this.#scene = scene;
  }

  /** Arms a rule about this agent (where a connection can't name one, `match` must say whom else), until `act` is over. */
  async under<T>(
    actions: readonly FaultAction[],
    match: FaultMatch,
    act: () => Promise<T>,
    more: Partial<FaultRule> = {},
  ): Promise<T> {
    const whom = match.port === undefined ? { agent: this.client.agent } : {};
    const rule = { match: { ...whom, ...match }, actions, ...more, arm: true };
    const { id } = await this.#boshscope.post<{ id: string }>("/faults", rule);
    try {
      return await act();
    } finally {
      await this.#boshscope.post(`/faults/${id}/disarm`, {});
    }
  }

  /** Ms from the telling to the hearing of a notification to itself. */
  async told(state: string, heard = state): Promise<number> {
    const began = await this.client.begin();
    await this.client.tell(state);
    return (await this.client.sees(`told ${heard}`, tells(heard))).at - began;
  }

  /** Ms from the sending of the request that ends so to its end. */
  async ended(what: "failed" | "aborted"): Promise<number> {
    const end = await this.client.sees(what, (event) => event.what === what);
    const sent = (await this.client.all()).findLast(
      ({ at, rid, what: kind }) =>
        rid === end.rid && at < end.at && (kind === "sent" || kind === "resent"),
    );
    return end.at - (sent?.at ?? Number.NaN);
  }

  /** The poll, and what is sent again at once. */
  async failsTwice(): Promise<void> {
    const failures = async () =>
      (await this.client.since()).filter(({ what }) => what === "failed");
    await waitFor(
      async () => (await failures()).length > 1,
      20_000,
      () => "a second failure",
    );
  }

  /** Ms from an event to the n-th sending again of its request. */
  async resent(what: ClientEvent["what"], nth = 1): Promise<number> {
    const end = await this.client.sees(what, (event) => event.what === what);
    let again: ClientEvent | undefined;
    await waitFor(
      async () => {
        const events = await this.client.since();
        const all = events.filter(
          (event) => event.what === "resent" && event.rid === end.rid && event.at >= end.at,
        );
        return (again = all[nth - 1]) !== undefined;
      },
      20_000,
      () => `sent again after ${what}`,
    );
    return (again?.at ?? 0) - end.at;
  }

  async held(): Promise<string> {
    let id: string | undefined;
    await waitFor(
      async () => {
        const { held } = await this.#boshscope.get<FaultsState>("/faults");
        return (id = held[0]?.id) !== undefined;
      },
      10_000,
      () => "nothing is held",
    );
    return id ?? "";
  }

  async letGo(id: string, replace: readonly [string, string]): Promise<void> {
    const { held } = await this.#boshscope.get<FaultsState>("/faults");
    const body = held.find((one) => one.id === id)?.body.replace(...replace);
    await this.#boshscope.post(`/breakpoints/${id}`, { action: "release", body });
  }

  between(what: string, ms: number, [from, until]: Window): void {
    const s = (one: number) => (one / 1000).toFixed(1);
    this.#line(what, `${s(from)}–${s(until)} s`, `${(ms / 1000).toFixed(2)} s`);
    expect(ms, what).toBeGreaterThanOrEqual(from);
    expect(ms, what).toBeLessThanOrEqual(until);
  }

  is(what: string, observed: unknown, expected: unknown): void {
    this.#line(what, String(expected), String(observed));
    expect(observed, what).toEqual(expected);
  }

  #line(what: string, expected: string, observed: string): void {
    lines.push({ version: this.#version, scene: this.#scene, what, expected, observed });
  }
}

const tells = (state: string) => (event: ClientEvent) =>
  event.what === "told" && event.state === state;

async function statesTold(client: StropheClient, last: string): Promise<string> {
  await client.sees(last, tells(last));
  const events = await client.since();
  return events.flatMap(({ what, state }) => (what === "told" ? [state] : [])).join(" ");
}

/** What only delays or changes. */
async function shapes(scene: Scene): Promise<void> {
  const { client } = scene;
  const news = { kind: "notification" } as const;
  const leg = "response" as const;
  const once = { times: 1 };
  const told = (state: string, heard?: string) => () => scene.told(state, heard);
  const later = await scene.under(
    [{ kind: "delay", leg, ms: 1500, jitterMs: 0 }],
    news,
    told("A"),
    once,
  );
  scene.between("delay by 1.5 s: the notification comes later", later, [1500, 10_000]);
  const jitter = { kind: "delay", leg, ms: 500, jitterMs: 1000 } as const;
  scene.between(
    "delay by 0.5 s and up to 1 s more",
    await scene.under([jitter], news, told("B"), once),
    [500, 10_000],
  );
  const edited = await scene.under([{ kind: "hold", leg }], news, async () => {
    const hearing = scene.told("C", "EDITED");
    await scene.letGo(await scene.held(), ["C", "EDITED"]);
    return await hearing;
  });
  scene.between("hold: let go by hand, with an edit, it is what the client gets", edited, [0, 9e3]);
  const setPaths = [{ path: "Update/data/user/state", text: "ALTERED" }];
  const alter = { ...nothing, kind: "alter", leg, setPaths } as const;
  scene.between(
    "alter an element: the client gets the new text",
    await scene.under([alter], news, told("D", "ALTERED"), once),
    [0, 5000],
  );
  const setHeaders = [["X-Fault", "yes"]] as const;
  await scene.under([{ ...nothing, kind: "alter", leg, setHeaders }], news, told("E"), once);
  const header = (await client.since()).find(({ fault }) => fault === "yes");
  scene.is("alter a header: the browser sees it", header?.fault, "yes");
  await scene.under([{ kind: "duplicate", leg }], news, told("F"), once);
  await scene.told("G");
  const twice = (await client.all()).filter(tells("F")).length;
  scene.is("duplicate an answer: the client is told twice", twice, 2);
  await scene.under([{ kind: "duplicate", leg: "request" }], { kind: "poll" }, told("H"), once);
  scene.is("duplicate a request: the session goes on", (await scene.told("I")) < 5000, true);
  const swapped = await scene.under(
    [{ kind: "reorder" }],
    news,
    async () => {
      await client.begin();
      await client.tell("FIRST");
      await waitFor(
        async () => (await client.since()).some(({ what }) => what === "answered"),
        9000,
        () => "an answer without its notification",
      );
      await client.tell("SECOND");
      return await statesTold(client, "FIRST");
    },
    once,
  );
  scene.is("reorder: two notifications change places", swapped, "SECOND FIRST");
  const slow = { kind: "throttle", leg, bytesPerSecond: 400 } as const;
  scene.between(
    "throttle to 400 bytes/s: about 1 kB takes its time",
    await scene.under([slow], news, told("J"), once),
    [1200, 5000],
  );
}

/** What ends a connection: the poll is sent again at once, and the session goes on. */
async function breaks(scene: Scene): Promise<void> {
  const { client } = scene;
  for (const how of ["fin", "reset"] as const) {
    const cut = { kind: "cut", leg: "response", afterBytes: 600, how } as const;
    const again = await scene.under(
      [cut],
      { kind: "notification" },
      async () => {
        await client.begin();
        await client.tell(`CUT-${how}`);
        return await scene.resent("failed");
      },
      { times: 1 },
    );
    scene.between(`cut an answer after 600 bytes (${how}): sent again`, again, [0, 600]);
    await client.sees("the answer after all", tells(`CUT-${how}`));
  }
  // Chromium itself repeats, unseen, what broke on a connection it had used before: the rule stays until the library hears of it.
  for (const how of ["fin", "reset"] as const) {
    await scene.told(`BEFORE-${how}`);
    const drop = { kind: "drop", leg: "request", how } as const;
    await client.begin();
    await scene.under([drop], { kind: "poll" }, () => scene.failsTwice(), { alsoWaiting: true });
    const what = `drop a waiting poll and its repetition (${how})`;
    scene.between(`${what}: sent again`, await scene.resent("failed"), [0, 600]);
    scene.between(`${what}: once more after 8 s`, await scene.resent("failed", 2), [7200, 8800]);
  }
  const template = {
    kind: "custom",
    status: 503,
    reason: "Service Unavailable",
    headers: [],
    body: "",
  } as const;
  await scene.told("BEFORE-503");
  await client.begin();
  const answered = await scene.under(
    [{ kind: "answer", template }],
    { kind: "poll" },
    async () => await client.sees("503", ({ status }) => status === 503),
    { times: 1, alsoWaiting: true },
  );
  scene.is("answer in place of the server: 503", answered.status, 503);
  scene.between("… and it goes on", await scene.told("AFTER-503"), [0, 5000]);
}

/** What makes a poll wait for longer than the client does. */
const losesPoll =
  (what: string, action: FaultAction, kind: FaultMatch["kind"] & string) =>
  async (scene: Scene): Promise<void> => {
    await scene.client.begin();
    const { times } = { times: action.kind === "forget" ? null : 1 };
    const aborted = await scene.under([action], { kind }, () => scene.ended("aborted"), { times });
    scene.between(`${what}: aborted at 1.1 × wait (${wait} s)`, aborted, patience);
    scene.between(`${what}: sent again`, await scene.resent("aborted"), [0, 600]);
    scene.between(`${what}: the session goes on`, await scene.told("ALIVE"), [0, 5000]);
  };

async function isForgotten(scene: Scene): Promise<void> {
  const forget = { kind: "forget", ms: 4000, counts: "idle", how: "reset" } as const;
  await scene.client.begin();
  const failed = await scene.under([forget], { kind: "http-bind" }, () => scene.ended("failed"));
  scene.between(
    "forget a connection idle for 4 s (reset; Chromium repeats once)",
    failed,
    [3800, 9900],
  );
  scene.between("… the session goes on", await scene.told("ALIVE"), [0, 5000]);
}

const isEnded =
  (what: string, action: FaultAction, status: number) =>
  async (scene: Scene): Promise<void> => {
    const { client } = scene;
    await client.begin();
    await scene.under(
      [action],
      { kind: "poll" },
      () => client.sees("disconnected", (event) => event.status === "DISCONNECTED"),
      { alsoWaiting: true },
    );
    const answer = await client.sees("its answer", (event) => event.status === status);
    const end = await client.sees("the end", (event) => event.status === "DISCONNECTED");
    scene.between(`${what}: disconnected at once`, end.at - answer.at, atOnce);
  };

/** On a port of its own, as these can't name an agent. Both in one session, one after the other. */
async function isRefused(scene: Scene): Promise<void> {
  const port = 8445;
  const reset = { kind: "drop", leg: "request", how: "reset" } as const;
  const early = [
    ["refuse CONNECT", { kind: "refuse-connect", how: "reset" }, "connect"],
    ["break TLS towards the client", { kind: "break-tls", leg: "request" }, "tls"],
    ["break TLS towards the server", { kind: "break-tls", leg: "response" }, "tls"],
  ] as const;
  for (const [what, action, kind] of early) {
    await scene.told(`BEFORE-${kind}`);
    await scene.client.begin();
    await scene.under([action], { kind, port }, () =>
      scene.under([reset], { port }, () => scene.failsTwice(), { alsoWaiting: true }),
    );
    scene.between(`${what}: sent again`, await scene.resent("failed"), [0, 600]);
    scene.between(
      `${what}: and once more after 8 s`,
      await scene.resent("failed", 2),
      [7200, 8800],
    );
  }
}

async function socketShapes(scene: Scene): Promise<void> {
  const { client } = scene;
  const news = { kind: "notification" } as const;
  const leg = "response" as const;
  const told = (state: string, heard?: string) => () => scene.told(state, heard);
  const once = { times: 1 };
  const delayed = await scene.under(
    [{ kind: "delay", leg, ms: 1500, jitterMs: 0 }],
    news,
    told("A"),
    once,
  );
  scene.between("WebSocket: delay a frame by 1.5 s", delayed, [1500, 10_000]);
  await client.begin();
  await scene.under(
    [{ kind: "drop", leg, how: "silence" }],
    { ...news, event: "LOST" },
    async () => {
      await client.tell("LOST");
      await client.tell("KEPT");
      await client.sees("the next", tells("KEPT"));
    },
  );
  scene.is("WebSocket: drop a frame, it alone is lost", await statesTold(client, "KEPT"), "KEPT");
  const setPaths = [{ path: "Update/data/user/state", text: "ALTERED" }];
  const altered = await scene.under(
    [{ ...nothing, kind: "alter", leg, setPaths }],
    news,
    told("B", "ALTERED"),
    once,
  );
  scene.between("WebSocket: alter a frame", altered, [0, 5000]);
  await client.begin();
  await scene.under([{ kind: "duplicate", leg }], news, told("C"), once);
  await scene.told("D");
  scene.is("WebSocket: duplicate a frame", (await client.all()).filter(tells("C")).length, 2);
  const order = await scene.under(
    [{ kind: "reorder" }],
    news,
    async () => {
      await client.begin();
      await client.tell("FIRST");
      await client.tell("SECOND");
      return await statesTold(client, "FIRST");
    },
    once,
  );
  scene.is("WebSocket: reorder two frames", order, "SECOND FIRST");
  const lost = await scene.under(
    [{ kind: "drop", leg: "request", how: "silence" }],
    { kind: "ping" },
    async () => {
      const began = await client.begin();
      await client.ping(2000);
      return (await client.sees("ping lost", ({ what }) => what === "ping lost")).at - began;
    },
  );
  scene.between("WebSocket: drop a ping, the client's own 2 s pass", lost, [1800, 2600]);
  const late = await scene.under(
    [{ kind: "delay", leg: "request", ms: 1000, jitterMs: 0 }],
    { kind: "ping" },
    async () => {
      const began = await client.begin();
      await client.ping(5000);
      return (
        (await client.sees("ping answered", ({ what }) => what === "ping answered")).at - began
      );
    },
  );
  scene.between("WebSocket: delay a ping by 1 s", late, [1000, 3000]);
  await client.begin();
  const end = await scene.under(
    [{ kind: "drop", leg: "request", how: "reset" }],
    { kind: "websocket" },
    () => client.sees("disconnected", ({ status }) => status === "DISCONNECTED"),
    { alsoWaiting: true },
  );
  const closed = await client.sees("closed", ({ what }) => what === "closed");
  scene.between("WebSocket: reset, disconnected at once", end.at - closed.at, atOnce);
}

const silence = { kind: "drop", leg: "request", how: "silence" } as const;
const bosh = { transport: "bosh", port: 7443 } as const;
const scenes = [
  [bosh, shapes],
  [bosh, breaks],
  [bosh, losesPoll("drop a poll in silence", silence, "poll")],
  [bosh, losesPoll("delay an answer until 12 s", { kind: "delay-until", ageMs: 12_000 }, "poll")],
  [bosh, losesPoll("pause new polls for 12 s", { kind: "pause-polls", ms: 12_000 }, "poll")],
  [
    bosh,
    losesPoll(
      "forget a connection idle for 4 s (silence)",
      { kind: "forget", ms: 4000, counts: "idle", how: "silence" },
      "poll",
    ),
  ],
  [bosh, isForgotten],
  [
    bosh,
    isEnded("answer 404 Invalid SID", { kind: "answer", template: { kind: "invalid-sid" } }, 404),
  ],
  [
    bosh,
    isEnded(
      "answer terminate",
      {
        kind: "answer",
        template: { kind: "terminate", condition: "item-not-found" },
      },
      200,
    ),
  ],
  [{ transport: "bosh", port: 8445 } as const, isRefused],
  [{ transport: "websocket", port: 7443 } as const, socketShapes],
] as const;

async function signIn(
  { browser }: TestBrowser,
  boshscope: BoshscopeProcess,
  options: {
    transport: "bosh" | "websocket";
    port: number;
    version: (typeof stropheVersions)[number];
    agent: string;
  },
): Promise<StropheClient> {
  const client = await StropheClient.signIn(browser, { ...options, password, wait });
  await waitFor(
    async () => {
      const { sessions } = await boshscope.get<SessionList>("/sessions");
      return sessions.some(({ agent, phase }) => agent === options.agent && phase === "open");
    },
    10_000,
    () => `no session of ${options.agent}`,
  );
  return client;
}

async function playOn(client: StropheClient, play: () => Promise<void>): Promise<void> {
  await using _closed = client;
  await play();
}

const agentOf = (index: number): string => `${1_001_001 + index}`;

test.each(stropheVersions)(
  "strophe.js %s: every action, as its own log tells it",
  async (version) => {
    const users = scenes.map((_scene, index) => ({ name: agentOf(index), password }));
    await using prosody = await startProsody({ users });
    await using boshscope = await startBoshscopeProcess(
      [7443, 8445].flatMap((port) => [
        "--resolve",
        `${demoHost}:${port}:127.0.0.1:${prosody.httpsPort}`,
      ]),
    );
    await using chromium = await launchChromium({
      proxyPort: boshscope.proxyPort,
      trust: boshscope.caPem,
    });
    /** Why each failed; null = it did not. */
    const played: Promise<unknown>[] = [];
    // Signed in one after the other, which is what costs; then all at once, as most of it is waiting.
    for (const [index, [where, play]] of scenes.entries()) {
      const client = await signIn(chromium, boshscope, {
        ...where,
        version,
        agent: agentOf(index),
      });
      const over = playOn(client, () =>
        play(new Scene(boshscope, client, { version, scene: index })),
      );
      played.push(
        over.then(
          () => null,
          (reason: unknown) => reason,
        ),
      );
    }
    const reasons = (await Promise.all(played)).filter((reason) => reason !== null);
    expect(reasons).toEqual([]);
  },
);

afterAll(() => {
  const inOrder = lines.toSorted(
    (one, other) => one.version.localeCompare(other.version) || one.scene - other.scene,
  );
  const rows = inOrder.map(
    ({ version, what, expected, observed }) =>
      `| ${version} | ${what} | ${expected} | ${observed} |`,
  );
  const head = [
    "| strophe.js | action and what the client does | expected | by its own log |",
    "|---|---|--:|--:|",
  ];
  process.stdout.write(`${[...head, ...rows].join("\n")}\n`);
});
