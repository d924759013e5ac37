/** The command line that sends a Chromium, Chrome or Edge through the proxy, trusting the root CA in this one profile. Pure. */
import { createHash, X509Certificate } from "node:crypto";

export interface ChromiumStart {
  readonly profileDir: string;
  readonly proxyHost: string;
  readonly proxyPort: number;
  readonly caPem: string;
  readonly url: string;
  /** Linux refuses its sandbox to root; nobody else may go without. */
  readonly asRoot: boolean;
  readonly extraArgs: readonly string[];
}

/** Throws on a `caPem` that is no certificate. */
export function chromiumArguments(start: ChromiumStart): string[] {
  return [
    `--user-data-dir=${start.profileDir}`,
    `--proxy-server=http://${reachable(start.proxyHost)}:${start.proxyPort}`,
    // Without this, Chromium goes around the proxy for localhost and 127.0.0.1.
    "--proxy-bypass-list=<-loopback>",
    // Heeded only together with --user-data-dir, and only for chains that contain this key: the proxy sends its root along.
    `--ignore-certificate-errors-spki-list=${keyHash(start.caPem)}`,
    // The browser's own calls home would fill the capture.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-background-mode",
    // A throw-away profile needs no key ring, and must not ask for one.
    "--password-store=basic",
    "--use-mock-keychain",
    ...(start.asRoot ? ["--no-sandbox"] : []),
    ...start.extraArgs,
    start.url,
  ];
}

/** SHA-256 of the certificate's public key (SPKI), base64. */
export function keyHash(certificatePem: string): string {
  const key = new X509Certificate(certificatePem).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

/** The address to dial for one that is listened on; IPv6 in brackets. */
export function reachable(listenHost: string): string {
  const host = listenHost.replace(/^\[|\]$/g, "");
  if (host === "0.0.0.0" || host === "") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
