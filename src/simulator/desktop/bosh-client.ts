/** A browser's BOSH library: signs in, keeps one poll waiting, sends stanzas on a second connection, sends again what failed. */
import { readXml } from "../../xml/read-xml.ts";
import { attributeOf, elementsIn, type XmlElement } from "../../xml/tree.ts";
import type { Account, BoshDialect, Failure } from "./bosh-dialect.ts";
import type { Browser, FetchEnd } from "./browser.ts";
import type { DesktopLog } from "./desktop-log.ts";
import type { NotificationClient, NotificationEvents } from "./notification-client.ts";
import type { PageThread } from "./page-thread.ts";

export interface BoshClientOptions {
  readonly account: Account;
  readonly dialect: BoshDialect;
  readonly port: number;
  readonly wait: number;
  readonly browser: Browser;
  readonly thread: PageThread;
  readonly log: DesktopLog;
  readonly events: NotificationEvents;
}

type Special = "create" | "restart" | "terminate" | null;

interface Exchange {
  readonly rid: number;
  readonly text: string;
  readonly special: Special;
  readonly empty: boolean;
  failures: number;
}

export class BoshClient implements NotificationClient {
  private readonly options: BoshClientOptions;
  private readonly open = new Map<Exchange, { abort(): void }>();
  private stanzas: string[] = [];
  private special: Special = "create";
  private rid: number;
  private sid = "";
  private readonly awaited = new Set<string>();
  private connected = false;
  private over = false;
  /** A pump is under way. */
  private due = false;

  constructor(options: BoshClientOptions) {
    this.options = options;
    this.rid = options.dialect.firstRid();
  }

  connect(): void {
    this.pump();
  }

  send(stanza: string): void {
    this.stanzas.push(stanza);
    this.pumpAfter(this.options.dialect.sendDelayMs());
  }

  disconnect(): void {
    if (this.over || this.sid === "") return this.drop();
    this.special = "terminate";
    this.pump();
  }

  drop(): void {
    this.over = true;
    for (const request of this.open.values()) request.abort();
    this.open.clear();
  }

  private pumpAfter(ms: number): void {
    if (this.due || this.over) return;
    this.due = true;
    const ticks = { length: this.options.dialect.tickMs };
    this.options.thread.after(
      ms,
      () => {
        this.due = false;
        this.pump();
      },
      ticks,
    );
  }

  /** Sends what there is to send; a poll when nothing is open. */
  private pump(): void {
    if (this.over || this.open.size >= 2) return;
    const { dialect, account, wait } = this.options;
    const { special } = this;
    const rid = this.rid;
    if (special === null && this.stanzas.length === 0 && this.open.size > 0) return;
    if (special === null && this.sid === "") return;
    const stanzas = special === null ? this.stanzas.splice(0) : [];
    this.rid += 1;
    this.special = null;
    const text = {
      create: () => dialect.creation(account, rid, wait),
      restart: () => dialect.restart(account, this.sid, rid),
      terminate: () => dialect.terminate(this.sid, rid),
      none: () => dialect.body(this.sid, rid, stanzas),
    }[special ?? "none"]();
    const empty = special === null && stanzas.length === 0;
    this.transmit({ rid, text, special, empty, failures: 0 });
  }

  private transmit(exchange: Exchange): void {
    const { browser, dialect, port, account, thread, log, wait } = this.options;
    const { rid, empty, special, failures } = exchange;
    log.add(failures === 0 ? "request-sent" : "request-resent", {
      rid,
      empty,
      special,
      bytes: exchange.text.length,
    });
    const timer = thread.after(dialect.patienceMs(wait), () => {
      request.abort();
      log.add("request-aborted", { rid });
      this.failed(exchange, { kind: "timeout" });
    });
    const request = browser.fetch(
      {
        method: "POST",
        host: account.domain,
        port,
        path: "/http-bind/",
        headers: [
          ...dialect.headers,
          "Referer",
          `https://${account.domain}:${port}/tunnel/`,
          "Origin",
          `https://${account.domain}:${port}`,
        ],
        body: exchange.text,
      },
      (end) => {
        timer.cancel();
        thread.run(() => this.ended(exchange, end));
      },
    );
    this.open.set(exchange, {
      abort: () => {
        timer.cancel();
        request.abort();
      },
    });
  }

  private ended(exchange: Exchange, end: FetchEnd): void {
    if (this.over) return;
    if (end.kind === "failed") {
      return this.failed(exchange, { kind: "network", code: end.code });
    }
    if (end.status !== 200) return this.failed(exchange, { kind: "status", status: end.status });
    this.open.delete(exchange);
    const { rid } = exchange;
    this.options.log.add("request-answered", { rid, bytes: end.body.length });
    this.read(exchange, end.body);
    const queued = this.special !== null || this.stanzas.length > 0;
    if (!this.over) this.pumpAfter(this.options.dialect.thinkGapMs(queued));
  }

  private failed(exchange: Exchange, failure: Failure): void {
    const { dialect, log, thread } = this.options;
    exchange.failures += 1;
    const why = wordsFor(failure);
    log.add("request-failed", { rid: exchange.rid, why, failures: exchange.failures });
    if (exchange.special === "terminate") return this.end("signed-out");
    const pause = dialect.retryAfterMs(failure, exchange.failures);
    if (pause === null) return this.end(why);
    const resend = (): void => {
      if (!this.over) this.transmit(exchange);
    };
    thread.after(pause, resend, { length: dialect.tickMs });
  }

  private read(exchange: Exchange, text: string): void {
    if (exchange.special === "terminate") return this.end("signed-out");
    if (emptyBody.test(text)) return;
    const document = readXml(text);
    if (document.kind === "unparseable") return this.end("unparseable");
    const { root } = document;
    if (attributeOf(root, "type") === "terminate") {
      return this.end(attributeOf(root, "condition") ?? "terminate");
    }
    if (exchange.special === "create") this.sid = attributeOf(root, "sid") ?? "";
    for (const stanza of elementsIn(root)) {
      if (!this.over) this.receive(stanza);
    }
  }

  private receive(stanza: XmlElement): void {
    const { dialect, account } = this.options;
    switch (stanza.local) {
      case "features":
        if (elementsIn(stanza).some(({ local }) => local === "mechanisms")) {
          this.stanzas.push(dialect.auth(account));
        } else this.stanzas.push(dialect.bind());
        return;
      case "success":
        this.special = "restart";
        return;
      case "failure":
        return this.end("unauthorized");
      case "error":
        return this.end(elementsIn(stanza)[0]?.local ?? "stream-error");
      case "iq":
        return this.receiveIq(stanza);
      default:
        this.options.events.onStanza(stanza);
    }
  }

  private receiveIq(iq: XmlElement): void {
    const { dialect, account } = this.options;
    if (this.connected) return;
    if (elementsIn(iq)[0]?.local === "bind") {
      for (const [id, stanza] of dialect.afterBind(account)) {
        this.awaited.add(id);
        this.stanzas.push(stanza);
      }
    } else if (this.awaited.delete(attributeOf(iq, "id") ?? "") && this.awaited.size === 0) {
      this.connected = true;
      this.stanzas.push(dialect.presence);
      this.options.log.add("connected", { sid: this.sid, host: account.domain });
      this.schedulePing();
      this.options.events.onConnected();
    }
  }

  private schedulePing(): void {
    const { dialect, thread, account } = this.options;
    if (dialect.pingEveryMs === null || this.over) return;
    thread.after(dialect.pingEveryMs, () => {
      if (this.over) return;
      // Nothing is added to a queue that does not drain.
      if (this.stanzas.length === 0) this.send(dialect.ping(account));
      this.schedulePing();
    });
  }

  private end(why: string): void {
    if (this.over) return;
    this.drop();
    this.options.log.add("disconnected", { why, sid: this.sid });
    this.options.events.onDisconnected(why);
  }
}

/** Without stanzas and without a type, in either quotes, with or without ack. */
const emptyBody =
  /^<body xmlns=['"]http:\/\/jabber\.org\/protocol\/httpbind['"](?: ack='\d+')?(?:\/>|><\/body>)$/;

function wordsFor(failure: Failure): string {
  switch (failure.kind) {
    case "status":
      return `status ${failure.status}`;
    case "network":
      return failure.code;
    case "timeout":
      return "timeout";
  }
}
