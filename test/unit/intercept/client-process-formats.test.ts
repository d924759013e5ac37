import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  inodesInProcNet,
  ownersInLsof,
  ownersInNetstat,
  programsInTasklist,
  queryKey,
} from "../../../src/intercept/client-process-formats.ts";

const query = { localPort: 50312, proxyPort: 8888 };
const key = queryKey(query);

const procHead =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const procRow = (from: string, to: string, inode: number, state = "01") =>
  `   7: ${from} ${to} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;
// 50312 = C488, 8888 = 22B8
const client = procRow("0100007F:C488", "0100007F:22B8", 4242);

test("/proc/net/tcp: the client's end is found, not the proxy's own", () => {
  const table =
    procHead +
    procRow("0100007F:22B8", "00000000:0000", 1, "0A") +
    procRow("0100007F:22B8", "0100007F:C488", 9999) +
    client;
  expect(inodesInProcNet(table, [query])).toEqual(new Map([[key, "4242"]]));
});

test("/proc/net/tcp6: ::1 and mapped IPv4 are loopback too", () => {
  const one = "00000000000000000000000001000000";
  const mapped = "0000000000000000FFFF00000100007F";
  for (const address of [one, mapped]) {
    const table = procHead + procRow(`${address}:C488`, `${address}:22B8`, 77);
    expect(inodesInProcNet(table, [query]).get(key)).toBe("77");
  }
});

test("/proc/net: same ports to another computer, and closed sockets, are not it", () => {
  const far = procRow("0500000A:C488", "0900000A:22B8", 5);
  const closed = procRow("0100007F:C488", "0100007F:22B8", 0, "06");
  expect(inodesInProcNet(procHead + far + closed, [query]).size).toBe(0);
  expect(inodesInProcNet(procHead + client + closed + far, [query]).get(key)).toBe("4242");
});

test("netstat: columns count, not the words of the language", () => {
  const text = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN          1044
  TCP    127.0.0.1:8888         127.0.0.1:50312        HERGESTELLT      6000
  TCP    127.0.0.1:50312        127.0.0.1:8888         HERGESTELLT      7120
  TCP    127.0.0.1:50313        127.0.0.1:8888         WARTEND          0
  TCP    10.0.0.5:50314         203.0.113.9:8888       HERGESTELLT      1
  TCP    [::1]:50315            [::1]:8888             HERGESTELLT      7121
  UDP    127.0.0.1:50312        *:*                                     9
`.replaceAll("\n", "\r\n");
  const queries = [50312, 50313, 50314, 50315].map((localPort) => ({ localPort, proxyPort: 8888 }));
  expect(ownersInNetstat(text, queries)).toEqual(
    new Map([
      ["50312>8888", 7120],
      ["50315>8888", 7121],
    ]),
  );
});

test("tasklist: names by process id, quotes and commas included", () => {
  const text =
    '"System Idle Process","0","Services","0","8 K"\r\n"chrome.exe","7120","Console","1","123,456 K"\r\n"a ""b"", c.exe","8","Console","1","1 K"\r\n';
  expect(programsInTasklist(text)).toEqual(
    new Map([
      [0, "System Idle Process"],
      [7120, "chrome.exe"],
      [8, 'a "b", c.exe'],
    ]),
  );
});

test("lsof: the process above the connection is its owner", () => {
  const text = `p600
cnode
f21
n127.0.0.1:8888
f23
n127.0.0.1:8888->127.0.0.1:50312
p812
cGoogle\\x20Chrome\\x20Helper
f30
n192.168.1.4:50312->192.168.1.9:8888
f31
n127.0.0.1:50312->127.0.0.1:8888
f32
n[::1]:50400->[::1]:8888
`;
  const queries = [query, { localPort: 50400, proxyPort: 8888 }];
  const owner = { pid: 812, name: "Google Chrome Helper" };
  expect(ownersInLsof(text, queries)).toEqual(
    new Map([
      [key, owner],
      ["50400>8888", owner],
    ]),
  );
});

test("no text makes a reader throw or invent an owner", () => {
  const noise = fc.string({
    unit: fc.constantFrom(
      "TCP ",
      "127.0.0.1",
      ":",
      "50312",
      " ",
      "\n",
      "p1",
      "c",
      "n",
      "->",
      '"',
      "0",
      "A",
    ),
    maxLength: 200,
  });
  fc.assert(
    fc.property(noise, (text) => {
      inodesInProcNet(text, [query]);
      programsInTasklist(text);
      for (const pid of ownersInNetstat(text, [query]).values()) expect(pid).toBeGreaterThan(0);
      for (const { pid } of ownersInLsof(text, [query]).values()) expect(pid).toBeGreaterThan(0);
    }),
  );
});
