/** Writes whole HTTP answers. */

export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  /** Without Content-Length, unless a wrong one is wanted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
}

/** Head and body. A body that HTTP forbids for the status is left out (RFC 9110 6.4.1). */
export function httpAnswer({ status, reason, headers, body }: HttpAnswer): Uint8Array {
  const encoder = new TextEncoder();
  const hasBody = status >= 200 && status !== 204 && status !== 304;
  const written = typeof body === "string" ? encoder.encode(body) : body;
  const bytes = hasBody ? written : new Uint8Array();
  const saysLength = headers.some(([name]) => name.toLowerCase() === "content-length");
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  if (hasBody && !saysLength) lines.push(`Content-Length: ${bytes.length}\r\n`);
  const head = encoder.encode(`HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n`);
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

/** As the Notification Service answers a poll. */
export const boshAnswer = (body: string): Uint8Array =>
  httpAnswer({
    status: 200,
    reason: "OK",
    headers: [["Content-Type", "text/xml;charset=UTF-8"]],
    body,
  });
