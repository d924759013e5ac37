/** Recorded exchanges by hand: a session of Openfire's, and what a client sends to play it. */
import type { Act, PlaybackNote } from "../../../src/playback/act.ts";
import { type Asked, Player } from "../../../src/playback/player.ts";
import { readRecording } from "../../../src/playback/recording.ts";
import type { TakenAnswer, TakenEnd, TakenExchange } from "../../../src/playback/taken-exchange.ts";

export const host = "fin1.demo.test";
export const firstRid = 1000;
export const begun = Date.parse("2026-11-20T09:00:00Z");
const httpBind = "http://jabber.org/protocol/httpbind";

export const xml = (body: string, status = 200): TakenAnswer => ({
  status,
  reason: status === 200 ? "OK" : "Not Found",
  headers: [
    { name: "Content-Type", value: "text/xml; charset=UTF-8" },
    { name: "Content-Length", value: String(body.length) },
  ],
  body: new TextEncoder().encode(body),
});

export const answered = (at: number, body: string, status = 200): TakenEnd => ({
  kind: "answered",
  at: begun + at,
  answer: xml(body, status),
});

export const body = (inner = ""): string => `<body xmlns='${httpBind}'>${inner}</body>`;
export const message = (text: string): string =>
  `<message xmlns="jabber:client" from="pubsub.${host}"><event>${text}</event></message>`;

let nextId = 1;
export function taken(
  at: number,
  end: TakenEnd,
  more: Partial<TakenExchange> & { readonly body: string },
): TakenExchange {
  return {
    id: `c1-${nextId++}`,
    at: begun + at,
    sentAt: begun + at,
    method: "POST",
    host,
    port: 7443,
    secure: true,
    path: "/http-bind/",
    headers: [{ name: "Content-Type", value: "text/xml" }],
    end,
    ...more,
  };
}

export const poll = (sid: string, rid: number, inner = "", more = ""): string =>
  `<body xmlns="${httpBind}" sid="${sid}" rid="${rid}"${more}>${inner}</body>`;
export const creation = (rid: number, from = "1001001"): string =>
  `<body xmlns="${httpBind}" to="${host}" from="${from}@${host}" wait="2" hold="1" rid="${rid}"/>`;

const bindQuery = (id: string): string =>
  `<iq xmlns="jabber:client" type="set" id="${id}"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>desktop</resource></bind></iq>`;
export const auth = (user = "1001001"): string =>
  `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${Buffer.from(`\0${user}\0pass`).toString("base64")}</auth>`;
export const presence = '<presence xmlns="jabber:client"/>';

/** What a client does to sign in, and when: ms after the creation. */
export const signInDeeds = (id: string): readonly (readonly [number, string, string])[] => [
  [20, auth(), ""],
  [40, "", ' xmlns:xmpp="urn:xmpp:xbosh" xmpp:restart="true"'],
  [60, bindQuery(id), ""],
  [80, presence, ""],
];

/** A sign-in at 0 ms; the presence's request is left to the caller: rid 1004, sent at 80 ms. */
export function signIn(sid = "recorded1"): TakenExchange[] {
  const [login, restart, bind] = signInDeeds("b1");
  const request = (rid: number, deed = login): string => poll(sid, rid, deed?.[1], deed?.[2]);
  const jid = `1001001@${host}`;
  return [
    taken(
      0,
      answered(
        5,
        `<body xmlns='${httpBind}' sid="${sid}" authid="${sid}" wait="2" requests="2"><features xmlns="http://etherx.jabber.org/streams"/></body>`,
      ),
      { body: creation(firstRid) },
    ),
    taken(20, answered(25, body('<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>')), {
      body: request(1001, login),
    }),
    taken(
      40,
      answered(45, body('<features xmlns="http://etherx.jabber.org/streams"><bind/></features>')),
      { body: request(1002, restart) },
    ),
    taken(
      60,
      answered(
        65,
        body(
          `<iq xmlns="jabber:client" type="result" id="b1" to="${host}/${sid}"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>${jid}/desktop</jid></bind></iq>`,
        ),
      ),
      { body: request(1003, bind) },
    ),
  ];
}

/** Plays a recording to a client whose clock is turned by hand. */
export class Played {
  readonly notes: PlaybackNote[] = [];
  readonly acts: { readonly at: number; readonly act: Act }[] = [];
  readonly player: Player;
  #sids = 0;
  #request = 0;
  now = 0;

  constructor(exchanges: readonly TakenExchange[], speed = 1, only: string | null = null) {
    this.player = new Player(readRecording(exchanges, only), {
      speed,
      newSid: () => `played${++this.#sids}`,
      wall: (at) => begun + 86_400_000 + at,
      base64: (text) => Buffer.from(text, "base64").toString("utf8"),
      tell: (note) => this.notes.push(note),
    });
  }

  ask(asked: Partial<Asked> & { readonly body: string }): number {
    const id = ++this.#request;
    this.player.ask(
      id,
      {
        method: "POST",
        host,
        port: 7443,
        path: "/http-bind/",
        contentType: "text/xml",
        requestId: null,
        authorization: "",
        ...asked,
      },
      this.now,
    );
    this.#take();
    return id;
  }

  /** Lets time pass; all that falls due on the way is done at its time. */
  until(at: number): void {
    for (;;) {
      const next = this.player.nextAt();
      if (next > at) break;
      this.now = Math.max(this.now, next);
      this.#take();
    }
    this.now = at;
  }

  /** When and how a request ended; null = it still waits. */
  endOf(request: number): { readonly at: number; readonly act: Act } | null {
    return this.acts.find(({ act }) => act.request === request) ?? null;
  }

  textOf(request: number): string {
    const act = this.endOf(request)?.act;
    if (act === undefined) return "(waits)";
    if (act.kind === "cut") return `(cut by ${act.how})`;
    if (act.kind !== "answer") return `(${act.kind})`;
    return new TextDecoder().decode(act.answer.body);
  }

  /** Signs in as recorded; the presence is request 5, rid 1004 + `shift`, at 80 ms. Gives the sid. */
  signIn(rid = firstRid, stanzaId = "mine"): string {
    const start = this.now;
    const created = this.ask({ body: creation(rid) });
    this.until(start + 10);
    const sid = /\bsid="([^"]+)"/.exec(this.textOf(created))?.[1] ?? "";
    signInDeeds(stanzaId).forEach(([at, stanza, more], index) => {
      this.until(start + at);
      this.ask({ body: poll(sid, rid + 1 + index, stanza, more) });
    });
    return sid;
  }

  #take(): void {
    for (const act of this.player.take(this.now)) this.acts.push({ at: this.now, act });
  }
}
