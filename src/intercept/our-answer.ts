/** The few answers Boshscope gives in its own name. Each is marked as ours, so that none is taken for the server's. */
import type { Refusal } from "./certificate-policy.ts";

/** A short plain-text answer that ends the connection. */
export function ourAnswer(status: number, reason: string, text: string): string {
  return (
    `HTTP/1.1 ${status} ${reason}\r\nServer: Boshscope\r\nX-Boshscope: answered by the proxy itself\r\n` +
    `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`
  );
}

export function ourPage(refusal: Refusal): string {
  const changed = refusal.cause === "certificate-changed";
  const title = changed
    ? "This server's certificate has changed"
    : "This server's certificate is not valid";
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Boshscope: ${title}</title>` +
    `<h1>Boshscope stopped this page</h1><p><strong>${title}.</strong> The page you see is Boshscope's, not the server's.</p>` +
    `<p>${changed ? "It differs from the one first seen; that is right after a certificate was renewed, and wrong if someone else answers in the server's place." : `OpenSSL says: ${refusal.detail}.`}</p>` +
    `<p>${changed ? "If the change is expected, remove the server's line from <code>pins.json</code> in the data folder, or start with <code>--server-certs off</code>." : "Start with <code>--server-certs pin</code> to accept what is first seen."}</p></html>`;
  return (
    `HTTP/1.1 502 Boshscope\r\nServer: Boshscope\r\nX-Boshscope: answered by the proxy itself\r\nContent-Type: text/html; charset=utf-8\r\n` +
    `Content-Security-Policy: default-src 'none'\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  );
}
