/** Where a URL leads, read without changing how it is written. */

export interface Target {
  readonly url: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** As it stands in a request line. */
  readonly path: string;
  readonly isTunnel: boolean;
}

const urlParts =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)(?::(\d{1,5}))?(.*)$/is;

/** null = no absolute URL. `isTunnel`: `host:port` alone. */
export function targetOf(url: string, isTunnel = false): Target | null {
  const parts = urlParts.exec(url);
  if (parts === null) return null;
  const [, scheme = "", host = "", port, rest = ""] = parts;
  if (scheme === "" && !isTunnel) return null;
  const secure = /^(?:https|wss)$/i.test(scheme);
  return {
    url,
    secure,
    host: host.replace(/^\[|\]$/g, ""),
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    path: pathOf(rest),
    isTunnel,
  };
}

function pathOf(rest: string): string {
  const path = rest.split("#", 1)[0] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
}
