/** The Notification Service of one node: its sessions, its reaper, who is present, and what is published to whom. */
import { randomInt } from "node:crypto";
import type { ScaledTime, Timer } from "../scaled-time.ts";
import { presenceOf } from "./bosh-answers.ts";
import { BoshSession } from "./bosh-session.ts";
import type { NodeSettings } from "./node-settings.ts";
import { pubsubMessage, type Update } from "./pubsub-message.ts";
import { StanzaRouter } from "./stanza-router.ts";
import type { ClientStream, StreamTruth } from "./stream.ts";

export interface NotificationOptions {
  readonly domain: string;
  readonly settings: NodeSettings;
  readonly time: ScaledTime;
  readonly passwordOf: (user: string) => string | null;
  readonly nodes: () => readonly string[];
  /** The desktop of an agent appeared, or is gone. */
  readonly onPresence: (agent: string, present: boolean) => void;
}

export interface NewSession {
  readonly rid: number;
  readonly wait: number;
  readonly hold: number;
  readonly secure: boolean;
  readonly modern: boolean;
}

/** Closed sessions that `truth` still knows. */
const remembered = 2000;

export class NotificationService {
  readonly router: StanzaRouter;
  readonly time: ScaledTime;
  readonly settings: NodeSettings;
  readonly domain: string;
  private readonly options: NotificationOptions;
  private readonly streams = new Map<string, ClientStream>();
  private readonly bound = new Map<string, ClientStream>();
  private readonly subscriptions = new Map<string, Set<string>>();
  private readonly closed: StreamTruth[] = [];
  private finessePresent = true;
  private hung = false;
  private readonly sleeping: (() => void)[] = [];
  private reaper: Timer | null = null;

  constructor(options: NotificationOptions) {
    const { time, settings, domain } = options;
    this.options = options;
    this.time = time;
    this.settings = settings;
    this.domain = domain;
    this.router = new StanzaRouter({
      domain,
      passwordOf: options.passwordOf,
      bound: this.bound,
      onPresence: (stream, available) => this.presenceChanged(stream, available),
      subscriptions: this.subscriptions,
      nodes: options.nodes,
    });
  }

  start(): void {
    this.scheduleReaper(this.settings.reaperPhaseSeconds);
  }

  /** Ends all sessions; what is held is answered empty. */
  stop(because: string): void {
    this.reaper?.cancel();
    this.hung = false;
    this.sleeping.length = 0;
    for (const stream of this.streams.values()) stream.close(because);
  }

  /** From now on nothing is answered, though connections are accepted. */
  hang(): void {
    this.hung = true;
  }

  /** Does all that was left undone. */
  resume(): void {
    this.hung = false;
    for (const run of this.sleeping.splice(0)) run();
  }

  /** Runs now, or when the service goes on. */
  readonly whenAwake = (run: () => void): void => {
    if (this.hung) this.sleeping.push(run);
    else run();
  };

  openBosh(request: NewSession): BoshSession {
    const session = new BoshSession({
      ...request,
      sid: this.newSid(),
      settings: this.settings,
      time: this.time,
      whenAwake: this.whenAwake,
      onClosed: (closed, because) => this.forget(closed, because),
    });
    this.streams.set(session.sid, session);
    return session;
  }

  boshSession(sid: string): BoshSession | null {
    const stream = this.streams.get(sid);
    return stream instanceof BoshSession ? stream : null;
  }

  adopt(stream: ClientStream): void {
    this.streams.set(stream.sid, stream);
  }

  forget(stream: ClientStream, because: string): void {
    const { identity } = stream;
    this.streams.delete(stream.sid);
    if (identity.jid !== null && this.bound.get(identity.jid) === stream) {
      this.bound.delete(identity.jid);
    }
    this.closed.push({ ...stream.truth(), state: "closed", closedBecause: because });
    if (this.closed.length > remembered) this.closed.shift();
    if (identity.available) {
      identity.available = false;
      this.presenceChanged(stream, false);
    }
  }

  /** Openfire's: a random 32-bit number in hex. */
  newSid(): string {
    const sid = randomInt(1, 2 ** 32).toString(16);
    return this.streams.has(sid) ? this.newSid() : sid;
  }

  publish(update: Update): void {
    const { domain } = this;
    this.whenAwake(() => {
      const explicit = this.subscriptions.get(update.node);
      for (const stream of this.bound.values()) {
        const { user, jid, available } = stream.identity;
        if (user === null || jid === null || !available) continue;
        const subscribed = explicit?.has(jid) || explicit?.has(`${user}@${domain}`);
        const automatic =
          update.agent === user || (update.agent === null && !update.node.includes("/Team/"));
        if (automatic || subscribed) stream.send(pubsubMessage(update, { domain, user }));
      }
    });
  }

  /** The presence of the web application's own XMPP user. */
  setFinessePresence(present: boolean): void {
    if (this.finessePresent === present) return;
    this.finessePresent = present;
    this.whenAwake(() => {
      for (const stream of this.bound.values()) this.tellFinessePresence(stream);
    });
  }

  /** Closes the sessions of an agent, as an administrator can; gives how many. */
  kick(agent: string): number {
    const streams = [...this.streams.values()].filter(({ identity }) => identity.user === agent);
    for (const stream of streams) stream.close("kicked");
    return streams.length;
  }

  /** True while a desktop of that agent is signed in here. */
  isPresent(agent: string): boolean {
    return [...this.bound.values()].some(
      ({ identity }) => identity.user === agent && identity.available,
    );
  }

  /** Open sessions, then the last ones that were closed. */
  truth(): StreamTruth[] {
    return [...[...this.streams.values()].map((stream) => stream.truth()), ...this.closed];
  }

  private presenceChanged(stream: ClientStream, available: boolean): void {
    const { user } = stream.identity;
    if (available) this.tellFinessePresence(stream);
    if (user !== null) this.options.onPresence(user, available || this.isPresent(user));
  }

  private tellFinessePresence(stream: ClientStream): void {
    const { jid, available } = stream.identity;
    if (jid === null || !available) return;
    stream.send(presenceOf(`finesse@${this.domain}/finesse`, jid, this.finessePresent));
  }

  private scheduleReaper(seconds: number): void {
    this.reaper = this.time.after(seconds * 1000, () => {
      this.scheduleReaper(this.settings.reaperSeconds);
      this.whenAwake(() => this.reap());
    });
  }

  private reap(): void {
    const now = this.time.now();
    for (const stream of this.streams.values()) {
      const limit =
        stream instanceof BoshSession
          ? stream.inactivitySeconds()
          : this.settings.inactivitySeconds;
      if (now - stream.lastActivity() > limit * 1000) stream.close("idle");
    }
  }
}
