/** WinZip's AES-256 (AE-2): PBKDF2-SHA1, AES in counter mode with a little-endian counter from 1, HMAC-SHA1 cut to ten bytes. */
import { createCipheriv, createHmac, pbkdf2Sync } from "node:crypto";

const saltBytes = 16;
const checkBytes = 2;
const codeBytes = 10;
const keyBytes = 32;
const rounds = 1000;
const block = 16;

/** What an encrypted entry is longer by. */
export const overheadBytes = saltBytes + checkBytes + codeBytes;

/** Salt, check value, encrypted bytes, authentication code. */
export function encryptEntry(plain: Buffer, password: string, salt: Buffer): Buffer {
  const keys = pbkdf2Sync(password, salt, rounds, 2 * keyBytes + checkBytes, "sha1");
  const encrypted = inCounterMode(plain, keys.subarray(0, keyBytes));
  const code = createHmac("sha1", keys.subarray(keyBytes, 2 * keyBytes))
    .update(encrypted)
    .digest()
    .subarray(0, codeBytes);
  return Buffer.concat([salt, keys.subarray(2 * keyBytes), encrypted, code]);
}

/** Node's own counter mode counts big-endian: the key stream is made from the counters one by one. */
function inCounterMode(bytes: Buffer, key: Buffer): Buffer {
  const blocks = Math.ceil(bytes.length / block);
  const counters = Buffer.alloc(blocks * block);
  for (let index = 0; index < blocks; index++) counters.writeUInt32LE(index + 1, index * block);
  const stream = createCipheriv("aes-256-ecb", key, null).update(counters);
  const result = Buffer.allocUnsafe(bytes.length);
  for (let at = 0; at < bytes.length; at++) result[at] = (bytes[at] ?? 0) ^ (stream[at] ?? 0);
  return result;
}
