/** HTTP/1.1 messages as the text that goes over the wire, for scripts. Nothing is added that the script did not write. */

const lines = (...all: readonly string[]): string => `${all.join("\r\n")}\r\n\r\n`;

/** A request head; `headers` as written. */
export const request = (line: string, ...headers: readonly string[]): string =>
  lines(`${line} HTTP/1.1`, "Host: fin1.demo.test:7443", ...headers);

/** An answer with a fixed length. */
export const answer = (body: string, ...headers: readonly string[]): string =>
  `${lines("HTTP/1.1 200 OK", `Content-Length: ${Buffer.byteLength(body)}`, ...headers)}${body}`;

export const head = (line: string, ...headers: readonly string[]): string =>
  lines(line, ...headers);

/** One chunk of a chunked body. */
export const chunk = (text: string, extension = ""): string =>
  `${text.length.toString(16)}${extension}\r\n${text}\r\n`;

export const poll: string =
  request("POST /http-bind/", "Content-Type: text/xml; charset=utf-8", "Content-Length: 64") +
  "<body rid='1' sid='s' xmlns='http://jabber.org/protocol/httpbind'/>".slice(0, 64);
