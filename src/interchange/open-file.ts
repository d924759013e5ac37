/** Opens a capture file of any kind that can be read, told by its first bytes and not by its name. */
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { BoshscopeError, codeOf, fail, fileReasonOf, readRemedyOf } from "../base/errors.ts";
import type { ExchangeCopy } from "./exchange-copy.ts";
import { HarFile } from "./har/read-har.ts";
import type { PacketFacts } from "./packets/read-packets.ts";
import { byTime } from "./replay/by-time.ts";
import { SazFile } from "./saz/read-saz.ts";
import { openZip } from "./zip/open-zip.ts";

export type FileFormat = "har" | "saz" | "boshscope" | "pcap";

export interface OpenFile {
  readonly format: "har" | "saz";
  readonly size: number;
  /** In order of time. */
  copies(): AsyncGenerator<ExchangeCopy>;
  /** Known once the copies were taken. */
  facts(): FileFacts;
  close(): Promise<void>;
}

export interface FileFacts {
  /** Program that wrote it. */
  readonly maker: string;
  /** The capture's name, when the file says one. */
  readonly name: string | null;
  /** It ended in the middle: what was whole before was read. */
  readonly isCut: boolean;
  /** Of packet captures: connections by what could be read of them. */
  readonly packets?: PacketFacts;
}

/** Throws "file-unreadable". */
export async function formatOf(path: string): Promise<FileFormat> {
  const { format, isEmpty } = await lookInto(path);
  if (format !== null) return format;
  const why = isEmpty ? "it is empty" : "it is neither HAR nor SAZ nor a Boshscope capture";
  throw fail("file-unreadable", { path, why });
}

/** null = it is no capture; it may be a log. Throws "file-unreadable" when it can't be opened, or is a folder. */
export const formatIfCapture = async (path: string): Promise<FileFormat | null> =>
  (await lookInto(path)).format;

async function lookInto(path: string): Promise<{ format: FileFormat | null; isEmpty: boolean }> {
  const file = await opened(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const start = buffer.subarray(0, bytesRead);
    return { format: formatBy(start), isEmpty: bytesRead === 0 };
  } catch (error) {
    throw unopened(path, error);
  } finally {
    await file.close();
  }
}

function formatBy(start: Buffer): FileFormat | null {
  if (start.toString("latin1", 0, 4) === "PK\u0003\u0004") return "saz";
  if (start.toString("latin1", 0, 15) === "SQLite format 3") return "boshscope";
  if (isPacketCapture(start)) return "pcap";
  return /^(?:\ufeff)?\s*\{/.test(start.toString("utf8")) ? "har" : null;
}

const packetMagics = new Set([0x0a0d_0d0a, 0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1]);

const isPacketCapture = (start: Buffer): boolean =>
  start.length >= 4 && packetMagics.has(start.readUInt32BE(0));

/** Whether a password is needed to read it. Throws "file-unreadable". */
export async function isProtected(path: string): Promise<boolean> {
  if ((await formatOf(path)) !== "saz") return false;
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    for await (const { isEncrypted } of openZip(file, size, null).entries())
      if (isEncrypted) return true;
    return false;
  } catch (error) {
    throw named(path, error);
  } finally {
    await file.close();
  }
}

/** `onRead`: bytes read so far. Failures name the file. Throws "file-unreadable", "password-needed". */
export async function openFile(
  path: string,
  options: {
    readonly format: "har" | "saz";
    readonly password: string | null;
    readonly onRead: (bytes: number) => void;
  },
): Promise<OpenFile> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    const { format, password, onRead } = options;
    const content =
      format === "har" ? await harContent(file, onRead) : sazContent(file, size, password);
    return {
      format,
      size,
      copies: () => naming(path, content.copies()),
      facts: () => content.facts(),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw named(path, error);
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw unopened(path, error);
  }
}

/** Some systems open a folder and refuse to read it. */
function unopened(path: string, error: unknown): BoshscopeError {
  const remedy =
    codeOf(error) === "EISDIR"
      ? `Name the file in it, such as ${join(path, "capture.sqlite")}.`
      : readRemedyOf(error);
  return fail("file-unreadable", { path, why: fileReasonOf(error), remedy }, error);
}

interface Content {
  copies(): AsyncGenerator<ExchangeCopy>;
  facts(): FileFacts;
}

async function harContent(file: FileHandle, onRead: (bytes: number) => void): Promise<Content> {
  const har = await HarFile.open(file, onRead);
  const { creator, name, isCut } = har.index;
  return { copies: () => har.copies(), facts: () => ({ maker: creator, name, isCut }) };
}

function sazContent(file: FileHandle, size: number, password: string | null): Content {
  const saz = new SazFile(file, size, password);
  return { copies: () => byTime(saz.copies()), facts: () => ({ ...saz.index, isCut: false }) };
}

async function* naming(
  path: string,
  copies: AsyncGenerator<ExchangeCopy>,
): AsyncGenerator<ExchangeCopy> {
  try {
    yield* copies;
  } catch (error) {
    throw named(path, error);
  }
}

/** The reader knows what is wrong, not of which file. */
function named(path: string, error: unknown): unknown {
  if (!(error instanceof BoshscopeError) || error.message.includes(path)) return error;
  const isOurs = error.code === "file-unreadable" || error.code === "password-needed";
  if (!isOurs) return error;
  const message = error.message.replace(/^The file/, `The file ${path}`);
  return new BoshscopeError(error.code, message, error.remedy, error.cause);
}
