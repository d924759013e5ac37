/** Pieces of DER over node-forge's ASN.1 tree, which keeps bytes as latin1 strings. Knows tags, not certificates. */
import forge from "node-forge";
import { fail } from "../base/errors.ts";

// Public functions of node-forge 1.4 that its types leave out.
declare module "node-forge" {
  namespace pki {
    function getTBSCertificate(certificate: Certificate): asn1.Asn1;
  }
  namespace util {
    function bytesFromIP(address: string): string | null;
  }
}

export type Der = forge.asn1.Asn1;

const { Class, Type } = forge.asn1;

const universal = (type: forge.asn1.Type, constructed: boolean, value: string | Der[]): Der =>
  forge.asn1.create(Class.UNIVERSAL, type, constructed, value);

export const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
export const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

export const sequence = (...items: Der[]): Der => universal(Type.SEQUENCE, true, items);
export const octets = (bytes: Uint8Array): Der => universal(Type.OCTETSTRING, false, binary(bytes));
export const bits = (bytes: Uint8Array, unused = 0): Der =>
  universal(Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));
export const objectId = (dotted: string): Der =>
  universal(Type.OID, false, forge.asn1.oidToDer(dotted).getBytes());
/** One byte, 0 to 127: all that certificates need here. */
export const smallInteger = (value: number): Der =>
  universal(Type.INTEGER, false, String.fromCharCode(value));
export const truth = (): Der => universal(Type.BOOLEAN, false, "\u00ff");
export const nothing = (): Der => universal(Type.NULL, false, "");

/** `[tag] IMPLICIT` bytes, as in GeneralName and AuthorityKeyIdentifier. */
export const tagged = (tag: number, bytes: Uint8Array): Der =>
  forge.asn1.create(Class.CONTEXT_SPECIFIC, tag, false, binary(bytes));
/** `[tag]` around other elements. */
export const taggedList = (tag: number, items: Der[]): Der =>
  forge.asn1.create(Class.CONTEXT_SPECIFIC, tag, true, items);

export const encode = (element: Der): Buffer => bytesOf(forge.asn1.toDer(element).getBytes());
/** Throws on bytes that are not DER; callers give it what `X509Certificate` has already accepted. */
export const decode = (bytes: Uint8Array): Der => forge.asn1.fromDer(binary(bytes));

export function childrenOf(element: Der | undefined): readonly Der[] {
  if (element === undefined || typeof element.value === "string") {
    throw fail("internal", { why: "a DER element has no children where some are due" });
  }
  return element.value;
}

export function contentOf(element: Der | undefined): Buffer {
  if (element === undefined || typeof element.value !== "string") {
    throw fail("internal", { why: "a DER element has no plain content where some is due" });
  }
  return bytesOf(element.value);
}

export function isTagged(element: Der, tag: number): boolean {
  const found: number = element.type;
  return element.tagClass === Class.CONTEXT_SPECIFIC && found === tag;
}
