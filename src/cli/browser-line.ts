/** The command that opens a browser on the Boshscope that is running, as it must be typed to find that one. */
import type { Config } from "../config.ts";

export function browserLine({ settings, origins }: Config): string {
  const folders = [
    ["dataDir", "--data-dir", settings.dataDir],
    ["certsDir", "--certs-dir", settings.certsDir],
  ] as const;
  const named = folders.filter(([key]) => origins[key] !== "default");
  return ["boshscope browser", ...named.map(([, flag, path]) => `${flag} ${quoted(path)}`)].join(
    " ",
  );
}

const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path);
