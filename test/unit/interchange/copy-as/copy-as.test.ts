/** What is pasted sends what was captured: bash with real curl, fetch in a real engine, cmd and PowerShell by their rules of reading. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyAs } from "../../../../src/interchange/copy-as/copy-as.ts";
import { bashWord, cmdWord, powerShellWord } from "../../../../src/interchange/copy-as/shells.ts";
import { bytes, copy, message } from "../copies.ts";

const run = promisify(execFile);
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let seen: Seen[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(parts).toString("utf8") });
    response.end("ok");
  });
});
let base = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
const nasty = `it's "q" \`id\` $(id) $HOME %PATH% !x! \\ & | < > ^ ; # ~ * ? [a] {b} ñ 漢`;

const sample = (method: string, body: string | null) =>
  copy(1, {
    method,
    url: `${base}/a'b?x=1&y=$(id)&z=[1]{2}`,
    request: message(
      `${method} /a'b?x=1&y=$(id)&z=[1]{2} HTTP/1.1\nHost: ${new URL(base).host}\nX-Nasty: ${latin1(nasty)}\nX-Empty:\nX-Twice: 1\nX-Twice: 2\nContent-Type: text/xml\nContent-Length: 5\n\n`,
      body === null ? null : bytes(body),
    ),
  });

async function sentBy(command: string): Promise<Seen> {
  seen = [];
  await run("bash", ["-c", command]);
  const [only] = seen;
  if (only === undefined) throw new Error(`nothing was sent by ${command}`);
  return only;
}

test("curl in bash sends the same request", async () => {
  const body = `<a b='1'>\n\t@file ${nasty}\r\n</a>`;
  const sent = await sentBy(copyAs("curl-bash", sample("PUT", body)));
  expect(sent).toMatchObject({ method: "PUT", url: "/a'b?x=1&y=$(id)&z=[1]{2}", body });
  expect(latin1(nasty)).toBe(sent.headers["x-nasty"]);
  expect(sent.headers).toMatchObject({
    "x-empty": "",
    "x-twice": "1, 2",
    "content-type": "text/xml",
    "content-length": String(Buffer.byteLength(body)),
  });
  const got = await sentBy(copyAs("curl-bash", sample("GET", null)));
  expect(got).toMatchObject({ method: "GET", body: "" });
});

test("any text is one word to bash", async () => {
  const anyText = fc.string({ unit: "grapheme", minLength: 0, maxLength: 40 });
  const texts = fc.array(
    fc.oneof(
      anyText,
      fc.constantFrom(nasty, "", "-x", "a\nb", "a\u0001b'\\", "'", "\\'", "$'x'", "\t"),
      fc.string({ unit: fc.constantFrom(..."'\\\"$`\n\r\t!&;()<>{}*? a".split("")) }),
    ),
    { minLength: 20, maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(texts, async (all) => {
      const clean = all.map((text) => text.replaceAll("\0", "").toWellFormed());
      const command = `printf '%s\\0' ${clean.map(bashWord).join(" ")}`;
      const { stdout } = await run("bash", ["-c", command]);
      expect(stdout.split("\0").slice(0, -1)).toEqual(clean);
    }),
    { seed: 6, numRuns: 30 },
  );
  // Thirty shells, each started anew: a busy machine takes long for them.
}, 60_000);

/** cmd.exe outside quotes: a caret takes the next character as it is; then the start-up code of the program reads quotes and backslashes. */
function cmdReads(word: string): { argument: string; isSafe: boolean } {
  let line = "";
  let isSafe = true;
  for (let at = 0; at < word.length; at++) {
    const char = word[at] ?? "";
    if (char === "^") line += word[++at] ?? "";
    else {
      if (/[&|<>()!%"]/.test(char)) isSafe = false;
      line += char;
    }
  }
  const inner = line.replace(/^"([\s\S]*)"$/, "$1");
  const argument = inner
    .replace(/(\\*)\\"/g, (_, slashes: string) => `${slashes.slice(0, slashes.length / 2)}"`)
    .replace(/(\\+)$/, (slashes) => slashes.slice(0, slashes.length / 2));
  return { argument, isSafe };
}

test("any text is one word to cmd, and nothing in it is run", () => {
  const units = fc.constantFrom(...`"\\^%&|<>()! aZñ'\``.split(""));
  fc.assert(
    fc.property(fc.string({ unit: units, maxLength: 30 }), (text) => {
      expect(cmdReads(cmdWord(text))).toEqual({ argument: text, isSafe: true });
    }),
    { seed: 6 },
  );
  expect(cmdWord("a\r\ndel *")).not.toMatch(/[\r\n]/);
});

test("any text is one word to PowerShell", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."'\u2019\u2018$`\"() a".split("")) }),
      (text) => {
        const word = powerShellWord(text);
        const inside = word.slice(1, -1).replace(/(['\u2018-\u201b])\1/g, "$1");
        expect([word[0], word.at(-1), inside]).toEqual(["'", "'", text]);
        expect(word.slice(1, -1).replace(/(['\u2018-\u201b])\1/g, "")).not.toMatch(
          /['\u2018-\u201b]/,
        );
      },
    ),
    { seed: 6 },
  );
});

test("fetch is called with what was sent", async () => {
  const text = copyAs("fetch", sample("POST", `line\u2028end ${nasty}`));
  const calls: unknown[][] = [];
  const AsyncFunction = (async () => undefined).constructor as new (
    ...parts: string[]
  ) => (fetch: (...args: unknown[]) => void) => Promise<void>;
  await new AsyncFunction("fetch", text)((...args) => calls.push(args));
  expect(calls).toEqual([
    [
      `${base}/a'b?x=1&y=$(id)&z=[1]{2}`,
      {
        method: "POST",
        headers: [
          ["X-Nasty", nasty],
          ["X-Empty", ""],
          ["X-Twice", "1"],
          ["X-Twice", "2"],
          ["Content-Type", "text/xml"],
        ],
        body: `line\u2028end ${nasty}`,
        credentials: "include",
      },
    ],
  ]);
});

test("raw HTTP is the request as it was", () => {
  const one = sample("PUT", "<a/>");
  expect(copyAs("raw", one)).toBe(`${one.request?.head}<a/>`);
});

test("replaced secrets, binary bodies and polls are told of", () => {
  const secret = copy(1, {
    url: "https://fin1.demo.test:7443/http-bind/",
    request: message(
      "POST /http-bind/ HTTP/1.1\nHost: fin1.demo.test:7443\nX-Api-Key: ‹secret 1a2b3c4d›\n\n",
      Buffer.from([0, 1, 2]),
    ),
  });
  for (const form of ["curl-bash", "curl-cmd", "powershell", "fetch"] as const) {
    const text = copyAs(form, secret);
    expect(text).toMatch(/put the real values in/);
    expect(text).toMatch(/Its body is no text/);
    expect(text).toMatch(/not on a live server/);
    expect(text).not.toContain("Host:");
  }
});
