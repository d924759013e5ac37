/** Words about captures of other tools that are taken in. */

export const taking = {
  title: "Take in captures",
  open: "Take in captures…",
  hint: "Drop HAR, SAZ, .boshscope, pcap or pcapng files anywhere on the page. Each becomes a capture of its own, with a verdict like a live one.",
  keysHint:
    "Packet captures need tshark on this PC, and the TLS keys: drop the key log (of --keylog or SSLKEYLOGFILE) together with the packets. Keys undo redaction: delete them when you are done.",
  pick: "Choose files…",
  reading: (name: string) => `Reading ${name}…`,
  taken: (name: string, exchanges: string) => `${name}: ${exchanges} exchanges.`,
  isCut: "The file ends in the middle.",
  sealed: (count: string) => `${count} connections could not be read.`,
  nothingFound: "Nothing was found in it.",
};
