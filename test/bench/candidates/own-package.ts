/** Loads a peer from this folder's own node_modules, which has no types here and may be absent. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Server } from "node:net";

const load = createRequire(import.meta.url);

/** The peer's module object. Throws when `npm ci` has not been run in test/bench. */
export function loadPeer(name: string): unknown {
  return load(name);
}

/** The installed version of a package, seen from this folder, or null. */
export function installedVersion(name: string): string | null {
  for (const folder of load.resolve.paths(name) ?? []) {
    try {
      const text = readFileSync(`${folder}/${name}/package.json`, "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return null;
}

/** Peers that name no address when they listen get 127.0.0.1: a benchmark must not open a proxy to the network. */
export function listenOnLoopbackOnly(): void {
  const holder: { listen: (this: Server, ...args: never[]) => Server } = Server.prototype;
  holder.listen = new Proxy(holder.listen, {
    apply: (listen, server, args: unknown[]) => {
      const [port, second, ...rest] = args;
      const bound = typeof port === "number" && typeof second !== "string";
      const all = bound ? [port, "127.0.0.1", second, ...rest] : args;
      return Reflect.apply(listen, server, all);
    },
  });
}
