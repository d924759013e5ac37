/** Reads SystemInfo, whole or `timestamponly`; every field may be missing, as releases differ. */
import type { Unparseable, XmlElement } from "../xml/tree.ts";
import { childOf, fieldOf, numberOf, readRoot, timeOf } from "./fields.ts";

export interface SystemInfo {
  readonly kind: "system-info";
  /** The server's clock, ms since 1970. */
  readonly currentTimestamp: number | null;
  /** "IN_SERVICE" or "OUT_OF_SERVICE". */
  readonly status: string | null;
  readonly statusReason: string | null;
  /** "UCCE" or "UCCX". */
  readonly deploymentType: string | null;
  /** "success" or "failure". */
  readonly ctiHeartbeat: string | null;
  readonly lastCtiHeartbeat: number | null;
  /** "SSO", "NON_SSO" or "HYBRID". */
  readonly authMode: string | null;
  /** Minutes. */
  readonly timezoneOffset: number | null;
  readonly primaryHost: string | null;
  /** null = a single node. */
  readonly secondaryHost: string | null;
  readonly xmppDomain: string | null;
  readonly pubsubDomain: string | null;
  /** Maintenance modes (12.6 and later). */
  readonly ctiMode: string | null;
  readonly finesseMode: string | null;
}

export function readSystemInfo(text: string): SystemInfo | Unparseable {
  const root = readRoot(text, "systeminfo");
  return root.kind === "unparseable" ? root : systemInfoIn(root);
}

/** From a `<SystemInfo>` element. */
export function systemInfoIn(element: XmlElement): SystemInfo {
  const field = (name: string) => fieldOf(element, name);
  return {
    kind: "system-info",
    currentTimestamp: timeOf(field("currenttimestamp")),
    status: field("status"),
    statusReason: field("statusreason"),
    deploymentType: field("deploymenttype"),
    ctiHeartbeat: field("lastctiheartbeatstatus"),
    lastCtiHeartbeat: timeOf(field("lastsuccessctiheartbeattime")),
    authMode: field("systemauthmode"),
    timezoneOffset: numberOf(element, "timezoneoffset"),
    primaryHost: fieldOf(childOf(element, "primarynode"), "host"),
    secondaryHost: fieldOf(childOf(element, "secondarynode"), "host"),
    xmppDomain: field("xmppdomain"),
    pubsubDomain: field("xmpppubsubdomain"),
    ctiMode: field("ctimmode"),
    finesseMode: field("finessemmode"),
  };
}
