/** Key logs in the format of NSS, as Firefox, Chrome, curl and Boshscope write them: a label, a client random, a secret. */

const line = /^([A-Z][A-Z0-9_]*) ([0-9a-fA-F]{64}) ([0-9a-fA-F]+)$/;

/** Its lines by client random (lower case). What is no key is left out. */
export function keysIn(text: string): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const written of text.split(/\r?\n/)) {
    const random = line.exec(written.trim())?.[2]?.toLowerCase();
    if (random === undefined) continue;
    const lines = keys.get(random) ?? [];
    if (!lines.includes(written.trim())) lines.push(written.trim());
    keys.set(random, lines);
  }
  return keys;
}

/** Where a TLS record with a ClientHello begins, its random stands 11 bytes on: handshake, its type, a version of 3.x. */
export function clientRandomsIn(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = bytes.indexOf(0x16); at >= 0; at = bytes.indexOf(0x16, at + 1)) {
    const isHello = bytes[at + 1] === 3 && bytes[at + 5] === 1 && bytes[at + 9] === 3;
    if (isHello && at + 43 <= bytes.length) found.push(bytes.toString("hex", at + 11, at + 43));
  }
  return found;
}
