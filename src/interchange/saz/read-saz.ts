/** Reads a SAZ archive of any maker, session by session; only what belongs to the sessions under way is in memory. */
import type { FileHandle } from "node:fs/promises";
import { fail } from "../../base/errors.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { fieldsOf, textIn } from "../loose.ts";
import { type OpenZip, openZip, type ZipFileEntry } from "../zip/open-zip.ts";
import { readSession, type SessionParts } from "./read-session.ts";
import { readSessionXml } from "./session-xml.ts";

export interface SazIndex {
  readonly maker: string;
  readonly name: string | null;
}

interface Session {
  readonly number: number;
  readonly files: Map<string, ZipFileEntry>;
}

/** `raw/012_c.txt`, and our own `finesse/012.json`. Anything else is another program's, and passed over. */
const rawName = /^raw[/\\]0*(\d{1,9})_([a-z])\.(?:txt|xml)$/i;
const ownName = /^finesse[/\\]0*(\d{1,9})\.json$/;
/** Files of one session stand together, in archives of all makers seen: so many sessions may be incomplete at a time. */
const maxOpen = 100_000;

export class SazFile {
  readonly #zip: OpenZip;
  #name: string | null = null;
  #makers = new Set<string>();

  constructor(file: FileHandle, size: number, password: string | null) {
    this.#zip = openZip(file, size, password);
  }

  /** Known once the sessions were read. */
  get index(): SazIndex {
    const comment = this.#zip.comment();
    const byComment = /^(\S.*?)\s*(?:Session Archive|$)/.exec(comment)?.[1] ?? "";
    return { maker: [...this.#makers][0] ?? (byComment || "unknown"), name: this.#name };
  }

  async *copies(): AsyncGenerator<ExchangeCopy> {
    const open = new Map<number, Session>();
    let found = 0;
    let latest = 0;
    for await (const entry of this.#zip.entries()) {
      const place = await this.#placeOf(entry);
      if (place === null) continue;
      if (place.number !== latest) {
        const done = open.get(latest);
        if (done !== undefined && isComplete(done)) {
          open.delete(latest);
          found++;
          yield* this.#read(done);
        }
        latest = place.number;
      }
      const session = open.get(place.number) ?? { number: place.number, files: new Map() };
      session.files.set(place.kind, entry);
      open.set(place.number, session);
      if (open.size > maxOpen)
        throw fail("file-unreadable", { why: "its sessions' files are too far apart" });
    }
    for (const session of [...open.values()].toSorted((a, b) => a.number - b.number)) {
      found++;
      yield* this.#read(session);
    }
    if (found === 0)
      throw fail("file-unreadable", { why: "it is not a SAZ: it has no raw/N_c.txt" });
  }

  async #placeOf(entry: ZipFileEntry): Promise<{ number: number; kind: string } | null> {
    const raw = rawName.exec(entry.name);
    if (raw !== null) return { number: Number(raw[1]), kind: raw[2]?.toLowerCase() ?? "" };
    const own = ownName.exec(entry.name);
    if (own !== null) return { number: Number(own[1]), kind: "own" };
    if (entry.name === "finesse/capture.json") {
      const facts = fieldsOf(jsonOf(await entry.content()));
      this.#name = textIn(facts, "name");
      this.#makers.add("Boshscope");
    } else if (entry.name === "_whistle.json") this.#makers.add("whistle");
    return null;
  }

  async *#read({ number, files }: Session): AsyncGenerator<ExchangeCopy> {
    const request = await files.get("c")?.content();
    if (request === undefined) return;
    const content = async (kind: string): Promise<Buffer | null> =>
      (await files.get(kind)?.content()) ?? null;
    const xml = (await content("m"))?.toString("utf8") ?? "";
    const own = await content("own");
    const parts: SessionParts = {
      number,
      request,
      response: await content("s"),
      facts: readSessionXml(xml, this.#writesDecimal(xml)),
      frames: await content("w"),
      own: own === null ? null : jsonOf(own),
    };
    const copy = readSession(parts);
    if (copy !== null) yield copy;
  }

  /** Fluxzy writes BitFlags in decimal, and names itself nowhere but in its flags. */
  #writesDecimal(xml: string): boolean {
    return /fluxzy/i.test(xml) || /fluxzy/i.test(this.#zip.comment());
  }
}

const isComplete = ({ files }: Session): boolean =>
  files.has("c") && files.has("m") && files.has("s");

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
