/** What to do next, by cause: the Cisco article's recommended actions, with their commands. */
import type { CauseCode, Phrase } from "../domain/finding.ts";
import { phrase } from "./claim.ts";

const byCause: Readonly<Record<CauseCode | "F18-idle", readonly string[]>> = {
  F0: ["collect-logs", "notification-debug", "client-logs"],
  F1: ["firewall-rules", "test-port", "traceroute"],
  F2: ["firewall-idle", "firewall-rules", "interfaces", "traceroute"],
  F3: ["traceroute", "interfaces", "wifi", "drift-latency"],
  F4: ["tabs-windows", "restart-browser", "supported-browser", "client-logs"],
  F5: ["keep-visible", "tabs-windows", "supported-browser"],
  F6: ["sleep-settings", "sign-out-first"],
  F7: ["cpu-windows", "cpu-mac", "shared-host"],
  F8: ["remove-gadgets", "client-logs"],
  F9: ["ntp-server", "ntp-client"],
  F10: ["trust-certificate", "both-nodes"],
  F11: ["service-status", "collect-logs", "who-stopped"],
  F12: ["heap-dump", "collect-logs", "service-restart"],
  F13: ["invalid-xml-bug", "heap-dump", "event-viewer"],
  F14: ["tomcat-status", "collect-logs"],
  F15: ["cti-status", "ctimanager", "collect-logs"],
  F16: ["ctimanager", "event-viewer"],
  F17: ["who-restarted", "service-status", "event-viewer"],
  F18: ["notification-debug", "collect-logs"],
  "F18-idle": [
    "firewall-rules",
    "traceroute",
    "client-logs",
    "supported-browser",
    "tabs-windows",
    "sleep-settings",
    "cpu-windows",
    "remove-gadgets",
    "ntp-server",
  ],
  F19: ["one-desktop"],
  F20: ["credentials", "sso-logs"],
  F21: ["supported-browser"],
  F22: ["one-path", "client-logs"],
  F23: ["unlock-address", "credentials"],
  F24: ["boshscope-load", "boshscope-report"],
  F25: ["disarm-rule"],
};

export const adviceFor = (cause: CauseCode | "F18-idle"): readonly Phrase[] =>
  byCause[cause].map((key) => phrase(`advice.${key}`));

/** For the test that the dictionaries are whole. */
export const allAdvice: readonly string[] = [...new Set(Object.values(byCause).flat())].map(
  (key) => `advice.${key}`,
);
