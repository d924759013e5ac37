/** One packet, as tshark tells it in one line: with HTTP left undissected, what TLS carried comes as bytes, decrypted and in order. */

export const rowFields = [
  "frame.time_epoch",
  "tcp.stream",
  "ip.src",
  "ipv6.src",
  "ip.dst",
  "ipv6.dst",
  "tcp.srcport",
  "tcp.dstport",
  "tcp.flags",
  "tcp.seq",
  "tcp.len",
  "tcp.analysis.retransmission",
  "tls.record.content_type",
  "tls.record.opaque_type",
  "tls.handshake.type",
  "tls.handshake.extensions_server_name",
  "tls.alert_message.level",
  "tls.alert_message.desc",
  "icmp.type",
  "icmp.code",
  "icmpv6.type",
  "icmpv6.code",
  "dns.qry.name",
  "dns.a",
  "dns.aaaa",
  "data.data",
] as const;

/** Packets that say something; bare acknowledgements do not. */
export const rowFilter = "tcp.len > 0 || tcp.flags & 0x07 || dns.a || dns.aaaa";

export interface PacketRow {
  /** Wall ms. */
  readonly at: number;
  readonly stream: number;
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
  readonly isFin: boolean;
  readonly isSyn: boolean;
  readonly isReset: boolean;
  readonly isAck: boolean;
  /** Relative to the stream's first. */
  readonly seq: number;
  readonly length: number;
  readonly isRepeated: boolean;
  readonly isTls: boolean;
  /** Holds a TLS record of application data; whether it could be decrypted, `data` says. */
  readonly hasRecord: boolean;
  readonly handshake: readonly number[];
  readonly serverName: string | null;
  /** ICMP says that the packet it quotes did not get there: nobody listens, or no way leads there. */
  readonly unreachable: "port" | "host" | null;
  /** Number of a fatal alert. */
  readonly alert: number | null;
  readonly data: readonly Buffer[];
}

/** A name and its addresses, out of an answer of DNS. */
export interface NameRow {
  readonly name: string;
  readonly addresses: readonly string[];
}

type Field = (typeof rowFields)[number];
const places = Object.fromEntries(rowFields.map((field, index) => [field, index])) as Record<
  Field,
  number
>;
const nothing: readonly string[] = [];

/** null = a line that is none of ours. */
export function readRow(line: string): PacketRow | NameRow | null {
  const cells = line.split("\t");
  if (cells.length !== rowFields.length) return null;
  const cell = (name: Field): string => cells[places[name]] ?? "";
  const list = (name: Field): readonly string[] => {
    const text = cell(name);
    return text === "" ? nothing : text.split(",");
  };
  if (cell("tcp.stream") === "") {
    const [name] = list("dns.qry.name");
    const addresses = [...list("dns.a"), ...list("dns.aaaa")];
    return name === undefined || addresses.length === 0 ? null : { name, addresses };
  }
  const flags = Number(cell("tcp.flags"));
  const handshake = list("tls.handshake.type").map(Number);
  const types = [...list("tls.record.content_type"), ...list("tls.record.opaque_type")];
  return {
    at: Number(cell("frame.time_epoch")) * 1000,
    stream: Number(list("tcp.stream")[0]),
    from: end(cell("ip.src") || cell("ipv6.src"), cell("tcp.srcport")),
    to: end(cell("ip.dst") || cell("ipv6.dst"), cell("tcp.dstport")),
    isFin: (flags & 0x01) !== 0,
    isSyn: (flags & 0x02) !== 0,
    isReset: (flags & 0x04) !== 0,
    isAck: (flags & 0x10) !== 0,
    seq: Number(cell("tcp.seq")),
    length: Number(cell("tcp.len")),
    isRepeated: cell("tcp.analysis.retransmission") !== "",
    isTls: types.length > 0,
    hasRecord: types.includes("23"),
    handshake,
    serverName: list("tls.handshake.extensions_server_name")[0] ?? null,
    unreachable: unreachable(
      cell("icmp.type"),
      cell("icmp.code"),
      cell("icmpv6.type"),
      cell("icmpv6.code"),
    ),
    alert: alertIn(list("tls.alert_message.level"), list("tls.alert_message.desc")),
    data: list("data.data").map((hex) => Buffer.from(hex, "hex")),
  };
}

/** Tunnelled packets name several addresses: the outermost is taken, as Wireshark's own list does. */
const end = (address: string, port: string) => ({
  address: address.split(",", 1)[0] ?? "",
  port: Number(port.split(",", 1)[0]),
});

function unreachable(
  type: string,
  code: string,
  type6: string,
  code6: string,
): PacketRow["unreachable"] {
  if (type === "3") return code === "3" ? "port" : "host";
  if (type6 === "1") return code6 === "4" ? "port" : "host";
  return type + type6 === "" ? null : "host";
}

const fatal = "2";

function alertIn(levels: readonly string[], numbers: readonly string[]): number | null {
  const at = levels.indexOf(fatal);
  return at < 0 ? null : Number(numbers[at] ?? 0);
}
