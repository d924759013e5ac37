/** Two simulated Finesse nodes over one contact centre, listening on this machine under names of their own. */
import { makeSelfSigned } from "../ca/self-signed.ts";
import { type AgentOptions, ContactCenter } from "./node/contact-center.ts";
import { FinesseNode, type NodePort } from "./node/finesse-node.ts";
import { defaultNodeSettings, type NodeSettings } from "./node/node-settings.ts";
import type { StreamTruth } from "./node/stream.ts";
import { type ScaledTime, scaledTime, type Timer } from "./scaled-time.ts";

export interface FinessePairOptions {
  /** Default fin1.demo.test and fin2.demo.test: browsers would bypass a proxy for loopback names. */
  readonly hosts?: readonly [publisher: string, subscriber: string];
  readonly agents?: readonly AgentOptions[];
  /** Addresses of this machine, to listen there on Finesse's own ports; left out = any free ports of 127.0.0.1. */
  readonly addresses?: readonly [publisher: string, subscriber: string];
  /** Simulated ms per real ms, default 1. */
  readonly speed?: number;
  /** For both nodes; each can be changed later by its `settings`. */
  readonly settings?: Partial<NodeSettings>;
}

/** An entry for Boshscope's `--resolve`: where a name and port really are. */
export interface ResolveEntry {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly realPort: number;
}

export interface FinessePair extends AsyncDisposable {
  readonly publisher: FinesseNode;
  readonly subscriber: FinesseNode;
  readonly center: ContactCenter;
  readonly time: ScaledTime;
  readonly resolve: readonly ResolveEntry[];
  /** `HOST:PORT:ADDRESS:PORT` for each entry, as the command line takes them. */
  readonly resolveFlags: readonly string[];
  /** Certificates of both nodes, PEM: what a client that goes without a proxy must trust. */
  readonly certificates: string;
  node(host: string): FinesseNode | null;
  truth(): readonly (StreamTruth & { readonly node: string })[];
  close(): Promise<void>;
}

const ports: readonly NodePort[] = [8445, 7443, 7071];

/** Starts both nodes; fails with the system's error if a port can't be had. */
export async function startFinessePair(options: FinessePairOptions = {}): Promise<FinessePair> {
  const [primary, secondary] = options.hosts ?? ["fin1.demo.test", "fin2.demo.test"];
  const time = scaledTime(options.speed ?? 1);
  const center = new ContactCenter(options.agents ?? [], () => time.wall());
  const settings = { ...defaultNodeSettings, ...options.settings };
  const watch = forcedLogouts(center, time, settings, () => nodes);
  const addressOf = (host: string): string | null =>
    options.addresses?.[host === primary ? 0 : 1] ?? null;
  const nodes = [primary, secondary].map(
    (host) =>
      new FinesseNode({
        host,
        address: addressOf(host),
        pair: { primary, secondary },
        certificate: makeSelfSigned(host, time.wall()),
        settings: { ...settings },
        time,
        center,
        onPresence: watch.onPresence,
      }),
  );
  const [publisher, subscriber] = nodes as [FinesseNode, FinesseNode];
  await Promise.all(nodes.map((node) => node.start()));
  const resolve = nodes.flatMap((node) =>
    ports.map((port) => ({
      host: node.host,
      port,
      address: addressOf(node.host) ?? "127.0.0.1",
      realPort: node.portOf(port),
    })),
  );
  const close = async (): Promise<void> => {
    watch.stop();
    await Promise.all(nodes.map((node) => node.close()));
  };
  return {
    publisher,
    subscriber,
    center,
    time,
    resolve,
    resolveFlags: resolve.map(
      ({ host, port, address, realPort }) => `${host}:${port}:${address}:${realPort}`,
    ),
    certificates: nodes.map(({ certificatePem }) => certificatePem).join(""),
    node: (host) => nodes.find((node) => node.host === host) ?? null,
    truth: () =>
      nodes.flatMap((node) => node.truth().map((truth) => ({ node: node.host, ...truth }))),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface LogoutWatch {
  readonly onPresence: (agent: string, present: boolean) => void;
  readonly stop: () => void;
}

/** Logs agents out whose desktop stays away. */
function forcedLogouts(
  center: ContactCenter,
  time: ScaledTime,
  settings: NodeSettings,
  nodes: () => readonly FinesseNode[],
): LogoutWatch {
  const timers = new Map<string, Timer>();
  const due = (agent: string): void => {
    timers.delete(agent);
    const back = nodes().some((node) => node.isPresent(agent));
    if (settings.forcedLogout === "race" || !back) center.forceLogout(agent);
  };
  return {
    onPresence: (agent, present) => {
      if (present && settings.forcedLogout === "cancelled-by-return") {
        timers.get(agent)?.cancel();
        timers.delete(agent);
      }
      if (present || settings.forcedLogout === "never" || timers.has(agent)) return;
      timers.set(
        agent,
        time.after(settings.forcedLogoutSeconds * 1000, () => due(agent)),
      );
    },
    stop: () => {
      for (const timer of timers.values()) timer.cancel();
    },
  };
}
