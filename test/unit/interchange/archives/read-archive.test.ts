import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { packTar } from "modern-tar";
import { afterAll, expect, it } from "vitest";
import { usualLimits } from "../../../../src/interchange/archives/budget.ts";
import { filesIn } from "../../../../src/interchange/archives/read-archive.ts";
import { ZipWriter } from "../../../../src/interchange/zip/zip-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "boshscope-archives-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

type Content = Readonly<Record<string, string | Uint8Array>>;

function zip(files: Content, password: string | null = null): Buffer {
  const writer = new ZipWriter({ comment: "", password, random: (n) => Buffer.alloc(n, 7) });
  const parts = Object.entries(files).map(([name, content]) =>
    writer.add(name, Buffer.from(content), new Date(0)),
  );
  return Buffer.concat([...parts, ...writer.end()]);
}

const tar = (files: Content): Promise<Uint8Array> =>
  packTar(
    Object.entries(files).map(([name, body]) => ({
      header: name.endsWith("/")
        ? { name, type: "directory" as const, size: 0 }
        : { name, size: Buffer.byteLength(body) },
      body: name.endsWith("/") ? undefined : body,
    })),
  );

/** Name → text, or why it was left out in brackets. */
async function read(
  bytes: Uint8Array,
  name = "bundle",
  limits = usualLimits,
): Promise<Record<string, string>> {
  const path = join(folder, `${count++}`);
  writeFileSync(path, bytes);
  const found: Record<string, string> = {};
  for await (const file of filesIn(path, name, limits)) {
    if ("skipped" in file) found[file.name] = `[${file.skipped}]`;
    else {
      let text = "";
      for await (const part of file.text) text += part;
      found[file.name] = text;
    }
  }
  return found;
}

it("reads a plain file, and one that is packed alone", async () => {
  expect(await read(Buffer.from("a\nñ"), "debug.log")).toEqual({ "debug.log": "a\nñ" });
  expect(await read(gzipSync("packed"), "debug.log.gz")).toEqual({ "debug.log": "packed" });
  const twice = Buffer.concat([gzipSync("one "), gzipSync("two")]);
  expect(await read(twice, "two.gz")).toEqual({ two: "one two" });
});

it("reads UTF-16 by its mark", async () => {
  const text = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("console", "utf16le")]);
  expect(await read(text, "c.txt")).toEqual({ "c.txt": "console" });
});

it("reads archives in archives, in any folders", async () => {
  const inner = zip({ "client/locallog.txt": "three", "x/": "" });
  const packed = await tar({
    "desktop/logs/": "",
    "desktop/logs/openfire/debug.log": "one",
    "desktop/logs/webservices/Desktop-webservices.log.gz": gzipSync("two"),
    "error-report.zip": inner,
    "core.1234": Buffer.from([1, 0, 2, 0, 3]),
    "old.7z": Buffer.from("7z\u00bc\u00af\u0027\u001cxx", "latin1"),
    "none.log": "",
    "last.log": "four",
  });
  const expected = {
    "rtmt.tar/desktop/logs/openfire/debug.log": "one",
    "rtmt.tar/desktop/logs/webservices/Desktop-webservices.log": "two",
    "rtmt.tar/error-report.zip/client/locallog.txt": "three",
    "rtmt.tar/core.1234": "[not text]",
    "rtmt.tar/old.7z": "[packed in a way that is not read here; unpack it first]",
    "rtmt.tar/none.log": "[empty]",
    "rtmt.tar/last.log": "four",
  };
  expect(await read(packed, "rtmt.tar")).toEqual(expected);
  expect(await read(gzipSync(packed), "rtmt.tgz")).toEqual(expected);
  const zipped = await read(zip({ "a/rtmt.tar.gz": gzipSync(packed), "b.log": "five" }), "all.zip");
  expect(zipped["all.zip/b.log"]).toBe("five");
  expect(zipped["all.zip/a/rtmt.tar/error-report.zip/client/locallog.txt"]).toBe("three");
});

it("goes on behind a file that nobody read", async () => {
  const long = "x".repeat(300_000);
  for (const bytes of [
    zip({ "a.log": long, "b.log": "b" }),
    await tar({ "a.log": long, "b.log": "b" }),
  ]) {
    const path = join(folder, `${count++}`);
    writeFileSync(path, bytes);
    const names: string[] = [];
    for await (const { name } of filesIn(path, "z")) names.push(name);
    expect(names).toEqual(["z/a.log", "z/b.log"]);
  }
});

it("says what it can't read, and reads the rest", async () => {
  const secret = await read(zip({ "a.log": "a" }, "password"), "s.zip");
  expect(secret["s.zip/a.log"]).toMatch(/protected by a password/);
  const whole = gzipSync(Buffer.from("line\n".repeat(50_000)));
  const path = join(folder, `${count++}`);
  writeFileSync(path, whole.subarray(0, whole.length - 40));
  const parts: string[] = [];
  for await (const file of filesIn(path, "cut.gz")) {
    if ("skipped" in file) parts.push(`${file.name}: ${file.skipped}`);
    else for await (const part of file.text) parts.push(part.slice(0, 4));
  }
  expect(parts[0]).toBe("line");
  expect(parts.at(-1)).toBe("cut: damaged: unexpected end of file");
  const broken = Buffer.from(zip({ "a.log": "a".repeat(100) }));
  broken.fill(0, broken.length - 30);
  expect(Object.values(await read(broken, "b.zip"))[0]).toMatch(/^\[damaged: /);
  await expect(read(Buffer.alloc(0), "e")).resolves.toEqual({ e: "[empty]" });
  await expect(filesIn(join(folder, "none"), "n").next()).rejects.toThrow("no such file");
});

it("stops at its bounds", async () => {
  const zeros = "0".repeat(3_000_000);
  const limits = { ...usualLimits, bytes: 1_000_000 };
  await expect(read(gzipSync(zeros), "z.gz", limits)).rejects.toThrow("unpacks to more than 1 MB");
  await expect(read(zip({ "a.log": zeros }), "z.zip", limits)).rejects.toThrow("unpacks to more");
  const steep = { ...usualLimits, ratio: 100, ratioFrom: 1_000_000 };
  await expect(read(gzipSync(zeros), "z.gz", steep)).rejects.toThrow("100 times its size");
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.log`, "x"]));
  const few = { ...usualLimits, files: 10 };
  await expect(read(zip(many), "m.zip", few)).rejects.toThrow("more than 10 files");
  let nested: Uint8Array = Buffer.from("deep");
  for (let layer = 0; layer < 8; layer++) nested = gzipSync(nested);
  expect(Object.values(await read(nested, "n.gz"))).toEqual(["[packed too often]"]);
});

it("makes something of any bytes, and of any archive cut or changed", async () => {
  const archives = [
    gzipSync("some text"),
    zip({ "a.log": "text", "b/c.log": "more" }),
    Buffer.from(await tar({ "a.log": "text", "b.log": "x".repeat(700) })),
  ];
  const cut = fc
    .tuple(fc.constantFrom(...archives), fc.nat(3000), fc.nat(3000), fc.nat(255))
    .map(([bytes, end, at, value]) => {
      const copy = Buffer.from(bytes.subarray(0, Math.max(1, bytes.length - (end % bytes.length))));
      copy[at % copy.length] = value;
      return copy;
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(cut, fc.uint8Array({ maxLength: 700 })), async (bytes) => {
      const failure = await read(bytes).then(
        () => null,
        (error: unknown) => error,
      );
      if (failure !== null) expect(failure).toMatchObject({ code: "file-unreadable" });
    }),
    { numRuns: 150 },
  );
});
