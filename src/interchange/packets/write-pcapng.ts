/**
 * A capture as a pcapng file. Boshscope has no packets, so they are made from what it saw: one TCP connection for each of the client's, the
 * client's packets on the interface of the browser's leg and the server's on that of the server's, each at the time it was seen there. HTTP
 * stands in them in the clear, on the real ports.
 */
import type { CopiedCapture, ExchangeCopy } from "../exchange-copy.ts";
import { TimeHeap } from "../replay/time-heap.ts";
import { addressBytes, asIpv6, MadeUpAddresses } from "./addresses.ts";
import { interfaceBlock, namesBlock, packetBlock, sectionBlock } from "./pcapng.ts";
import { exchangeSteps, openingSteps, type Step } from "./steps.ts";
import type { Endpoint } from "./tcp-frame.ts";
import { TcpTalk } from "./tcp-talk.ts";

export interface PacketOptions {
  readonly version: string;
  readonly capture: CopiedCapture;
  readonly redaction: Readonly<Record<string, unknown>> | null;
}

/** Connections are told of with their first exchange, but may have been open before: packets wait so long for earlier ones. */
const windowMs = 10_000;
/** Locally administered. */
const clientMac = Uint8Array.from([2, 0, 0, 0, 0, 1]);
const serverMac = Uint8Array.from([2, 0, 0, 0, 0, 2]);
const firstMadeUpPort = 49_152;

export async function* writePcapng(
  copies: AsyncIterable<ExchangeCopy>,
  options: PacketOptions,
): AsyncGenerator<Buffer> {
  yield sectionBlock(`Boshscope ${options.version}`, sectionRemarks(options));
  yield interfaceBlock("browser", "Browser to Boshscope: what the client sent");
  yield interfaceBlock("server", "Boshscope to server: what the server sent");
  const talks = new Talks();
  const heap = new TimeHeap<{ readonly step: Step; readonly talk: TcpTalk }>();
  const written = function* (until: number): Generator<Buffer> {
    for (const { step, talk } of heap.popUntil(until))
      for (const packet of step.packets(talk)) yield packetBlock(packet);
  };
  for await (const copy of copies) {
    const { talk, isNew, names } = talks.of(copy);
    yield* names;
    const steps = [...(isNew ? openingSteps(copy) : []), ...exchangeSteps(copy)];
    for (const step of steps) heap.push(step.at, { step, talk });
    yield* written(copy.atWall - windowMs);
  }
  yield* written(Number.POSITIVE_INFINITY);
}

function sectionRemarks({ capture, redaction }: PacketOptions): string[] {
  const shared =
    redaction === null
      ? "Nothing was replaced for sharing."
      : "Names, numbers and sessions are replaced by pseudonyms, the same by the same.";
  return [
    `Capture: ${capture.name}`,
    "Packets made by Boshscope from decrypted HTTP; these are not the packets of the wire. Times are those of the first and last byte of each message; between them segments are spread evenly.",
    "To read HTTP on Finesse's ports: Analyze > Decode As > TCP port 7443 (8445, 443) > HTTP, or tshark -d tcp.port==7443,http -d tcp.port==8445,http",
    shared,
  ];
}

class Talks {
  readonly #talks = new Map<string, TcpTalk>();
  readonly #named = new Set<string>();
  readonly #madeUp = new MadeUpAddresses();
  #serial = 0;

  /** `names`: blocks that say what a new address is called. */
  of(copy: ExchangeCopy): {
    readonly talk: TcpTalk;
    readonly isNew: boolean;
    readonly names: readonly Buffer[];
  } {
    const key = `${copy.connection} ${copy.host}:${copy.port}`;
    const known = copy.connection === "" ? undefined : this.#talks.get(key);
    if (known !== undefined) return { talk: known, isNew: false, names: [] };
    const { client, server, names } = this.#ends(copy, ++this.#serial);
    const talk = new TcpTalk({ client, server }, this.#serial);
    if (copy.connection !== "") this.#talks.set(key, talk);
    return { talk, isNew: true, names };
  }

  #ends(
    { client, serverAddress, host, port }: ExchangeCopy,
    serial: number,
  ): { readonly client: Endpoint; readonly server: Endpoint; readonly names: Buffer[] } {
    const from = this.#address(client.address === "" ? "client" : client.address);
    const to = this.#address(serverAddress ?? host);
    const isMixed = from.length !== to.length;
    const [clientAddress, address] = isMixed ? [asIpv6(from), asIpv6(to)] : [from, to];
    const clientPort =
      client.port > 0 ? client.port : firstMadeUpPort + (serial % (65_536 - firstMadeUpPort));
    return {
      client: { address: clientAddress, port: clientPort, mac: clientMac },
      server: { address, port, mac: serverMac },
      names: this.#name(address, host),
    };
  }

  #address(name: string): Uint8Array {
    return addressBytes(name) ?? this.#madeUp.of(name);
  }

  /** The first name wins. This machine's own addresses have one already. */
  #name(address: Uint8Array, host: string): Buffer[] {
    const key = address.join(".");
    if (this.#named.has(key) || addressBytes(host) !== null || address[0] === 127) return [];
    this.#named.add(key);
    return [namesBlock(address, host)];
  }
}
