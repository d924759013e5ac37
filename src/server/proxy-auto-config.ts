/** Writes /proxy.pac: which requests of a browser go to the proxy. Plain ES3, since Windows runs it in an old engine. */
import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

export interface ProxyAutoConfig {
  readonly proxy: { readonly host: string; readonly port: number };
  /** Exact host names; all their ports go to the proxy. */
  readonly hosts: readonly string[];
}

/** Ports that belong to Finesse whatever the host: its notification service and its desktop. */
const finessePorts: readonly string[] = ["7443", "8445"];

/** The PAC file's text. Names are written as escaped string literals, so that none can be read as script. */
export function proxyAutoConfig(options: ProxyAutoConfig): string {
  const { host, port } = options.proxy;
  const proxy = `PROXY ${isIPv6(host) ? `[${host}]` : host}:${port}; DIRECT`;
  const hosts = [...new Set(options.hosts.map(exactName))].filter((name) => name !== "").sort();
  return `// Boshscope: Finesse goes through the proxy, everything else goes direct.
var proxy = ${literal(proxy)};
var hosts = ${list(hosts)};
var ports = ${list(finessePorts)};

function has(all, wanted) {
  for (var i = 0; i < all.length; i++) if (all[i] === wanted) return true;
  return false;
}

function portOf(url) {
  var found = /^[a-z][a-z0-9+.-]*:\\/\\/(?:[^\\/?#]*@)?(?:\\[[^\\]]*\\]|[^:\\/?#]*):([0-9]+)/i.exec(url);
  return found ? found[1] : "";
}

function FindProxyForURL(url, host) {
  var name = String(host).toLowerCase().replace(/\\.$/, "").replace(/^\\[|\\]$/g, "");
  if (has(ports, portOf(url)) || has(hosts, name)) return proxy;
  return "DIRECT";
}
`;
}

/** The name as browsers pass it: lower case, punycode, without port, brackets or final dot. */
function exactName(host: string): string {
  const bare = host.trim().toLowerCase();
  const bracketed = /^\[([^\]]*)\]/.exec(bare)?.[1];
  if (bracketed !== undefined) return bracketed;
  if (isIPv6(bare)) return bare;
  const name = bare.replace(/:[\d,]*$/, "").replace(/\.$/, "");
  return domainToASCII(name) || name;
}

const list = (texts: readonly string[]): string => `[${texts.map(literal).join(", ")}]`;

const literal = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]|[<>]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
