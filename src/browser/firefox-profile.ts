/** A Firefox profile that uses the proxy, trusts the root CA and keeps quiet otherwise. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reachable } from "./chromium-arguments.ts";
import { trustInNss } from "./nss-profile.ts";

export interface FirefoxStart {
  readonly profileDir: string;
  readonly proxyHost: string;
  readonly proxyPort: number;
  readonly caPem: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Fills `profileDir`. Fails with `browser-trust` where NSS's certutil is missing: Firefox offers no other way per profile. */
export async function prepareFirefoxProfile(start: FirefoxStart): Promise<void> {
  await trustInNss(start.profileDir, start.caPem, start.env);
  await writeFile(
    join(start.profileDir, "user.js"),
    firefoxPreferences(start.proxyHost, start.proxyPort),
  );
}

export const firefoxArguments = (
  profileDir: string,
  url: string,
  extraArgs: readonly string[],
): string[] => ["-no-remote", "-profile", profileDir, ...extraArgs, url];

/** The text of `user.js`. */
export function firefoxPreferences(proxyHost: string, proxyPort: number): string {
  const host = reachable(proxyHost).replace(/^\[|\]$/g, "");
  const preferences: Readonly<Record<string, string | number | boolean>> = {
    "network.proxy.type": 1,
    "network.proxy.http": host,
    "network.proxy.http_port": proxyPort,
    "network.proxy.ssl": host,
    "network.proxy.ssl_port": proxyPort,
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": true,
    // Names are the proxy's to resolve; and Firefox must not go direct when the proxy is slow to answer.
    "network.trr.mode": 5,
    "network.proxy.failover_direct": false,
    // What Firefox fetches for itself would fill the capture.
    "app.normandy.enabled": false,
    "app.update.auto": false,
    "browser.aboutwelcome.enabled": false,
    "browser.newtabpage.activity-stream.unifiedAds.endpoint": "",
    "browser.newtabpage.enabled": false,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.remote.enabled": false,
    "browser.safebrowsing.malware.enabled": false,
    "browser.safebrowsing.phishing.enabled": false,
    "browser.shell.checkDefaultBrowser": false,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.topsites.contile.enabled": false,
    "datareporting.healthreport.uploadEnabled": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "dom.push.connection.enabled": false,
    "extensions.update.enabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "services.settings.server": "data:,",
    "signon.rememberSignons": false,
    "toolkit.telemetry.reportingpolicy.firstRun": false,
    "toolkit.telemetry.server": "data:,",
  };
  return Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join("");
}
