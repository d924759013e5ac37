/** WebSocket messages as JSON: Chrome's fields of a HAR, and under names with `_` what they can't say. */
import { base64Of, bytesOfBase64, utf8Text } from "./body-text.ts";
import type { CopiedFrame } from "./exchange-copy.ts";
import { fieldsOf, numberIn, textIn } from "./loose.ts";

/** As Chrome writes them, and what it can't say. */
export function frameFacts(frame: CopiedFrame): Readonly<Record<string, unknown>> {
  const text = frame.body === null ? null : frame.opcode === 1 ? utf8Text(frame.body) : null;
  return {
    type: frame.from === "client" ? "send" : "receive",
    time: frame.atWall / 1000,
    opcode: frame.opcode,
    data: text ?? base64Of(frame.body ?? new Uint8Array()),
    _encoding: text === null ? "base64" : undefined,
    _length: frame.length,
    _cut: frame.cut ? true : undefined,
    _kept: frame.body === null ? false : undefined,
  };
}

export function readFrame(value: unknown): CopiedFrame {
  const frame = fieldsOf(value);
  const data = textIn(frame, "data") ?? "";
  const opcode = numberIn(frame, "opcode") ?? 1;
  // Chrome gives binary messages in base64 without saying so.
  const isBase64 =
    textIn(frame, "_encoding") === "base64" || (opcode !== 1 && frame["_length"] === undefined);
  const bytes = isBase64 ? bytesOfBase64(data) : Buffer.from(data, "utf8");
  return {
    atWall: (numberIn(frame, "time") ?? 0) * 1000,
    from: textIn(frame, "type") === "send" ? "client" : "server",
    opcode,
    length: numberIn(frame, "_length") ?? bytes.length,
    body: frame["_kept"] === false ? null : bytes,
    cut: frame["_cut"] === true,
  };
}
