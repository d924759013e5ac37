/**
 * What carries a session, whatever the transport: XMPP frames as over a WebSocket (RFC 7395), each a whole element with its namespaces.
 * So one state machine, that of xmpp.js, serves BOSH, WebSocket and TCP alike.
 */
import type { ServerCertificate } from "../domain/connection.ts";
import { readXml } from "../xml/read-xml.ts";
import { namespaces } from "../xmpp/namespaces.ts";

export interface CarrierEvents {
  /** Readable XML within bounds. */
  readonly onFrame: (frame: string) => void;
  /** Once; null = it was closed as agreed. */
  readonly onClosed: (reason: Error | null) => void;
}

export interface Carrier {
  readonly secure: boolean;
  readonly certificate: ServerCertificate | null;
  send(frame: string): void;
  /** Lets go without a word. */
  destroy(): void;
}

/** A stanza longer than this ends the session. */
export const maxFrameLength = 4 * 1024 * 1024;
/** ltx, xmpp.js's reader, has no bound of its own and writes recursively. */
const maxFrameDepth = 100;
const maxFrameNodes = 200_000;

const limits = { length: maxFrameLength, depth: maxFrameDepth, nodes: maxFrameNodes };

/** Throws when the frame is not XML that can be handed on. */
export function checkedFrame(text: string): string {
  const read = readXml(text, limits);
  if (read.kind === "document") return text;
  throw new Error(`the server sent what is no XML at ${read.at}: ${read.reason}`);
}

export const openFrame = (attributes: string): string =>
  `<open xmlns="${namespaces.framing}" version="1.0"${attributes}/>`;
export const closeFrame = `<close xmlns="${namespaces.framing}"/>`;

export const isOpening = (frame: string): boolean => frame.startsWith("<open ");
export const isClosing = (frame: string): boolean => frame.startsWith("<close ");
