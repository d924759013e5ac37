/** What the made-up server of the page says about itself. */
import type { PageConfig } from "../../src/server/messages.ts";

export const pageConfig: PageConfig = {
  version: "0.1.0",
  proxy: { host: "127.0.0.1", port: 8888 },
  page: { host: "127.0.0.1", port: 8889 },
  caFingerprint256:
    "3C:90:11:A2:7B:55:0D:4E:98:F1:22:6A:B0:C3:19:77:3C:90:11:A2:7B:55:0D:4E:98:F1:22:6A:B0:C3:19:77",
  caSubject: "CN=Boshscope local root, untrusted by others",
  platform: "win32",
  bodyLimit: 1_048_576,
  finesse: ["fin1.ucce.local", "fin2.ucce.local"],
  decryptPorts: [7443, 8445],
  serverCerts: "pin",
  timeScale: 1,
  options: [
    { name: "--finesse", value: "fin1.ucce.local, fin2.ucce.local", origin: "command line" },
    { name: "--server-certs", value: "pin", origin: "default" },
    { name: "--body-limit", value: "1 MiB", origin: "default" },
  ],
};
