/** What a node says about itself: the short answer that desktops ask for each minute, the full one, and the notification. */
import { writeXml, type XmlPart } from "../write-xml.ts";
import type { Update } from "./pubsub-message.ts";

export interface SystemFacts {
  /** Server clock, wall ms. */
  readonly serverWall: number;
  readonly inService: boolean;
  readonly ctiConnected: boolean;
  readonly timezoneOffset: number;
  readonly primary: string;
  readonly secondary: string;
  readonly domain: string;
}

const uri = "/finesse/api/SystemInfo";

/** The answer to `?timestamponly`, 166 or 232 bytes with a three-digit positive or negative offset respectively. */
export function timestampOnly(facts: SystemFacts, shape: "166" | "232"): string {
  const more: XmlPart[] =
    shape === "166"
      ? []
      : [
          ["license", ""],
          ["systemAuthMode", "NON_SSO"],
        ];
  return writeXml([
    "SystemInfo",
    [
      ["currentTimestamp", new Date(facts.serverWall).toISOString()],
      ...more,
      ["timezoneOffset", `${facts.timezoneOffset}`],
      ["uri", uri],
    ],
  ]);
}

export const fullSystemInfo = (facts: SystemFacts): string =>
  writeXml([
    "SystemInfo",
    [
      ["currentTimestamp", new Date(facts.serverWall).toISOString()],
      ["deploymentType", "UCCE"],
      ["lastCTIHeartbeatStatus", facts.ctiConnected ? "success" : "failure"],
      ["license", ""],
      ["peripheralId", "5000"],
      ["primaryNode", [["host", facts.primary]]],
      ["secondaryNode", [["host", facts.secondary]]],
      ["status", statusOf(facts.inService)],
      ["statusReason", ""],
      ["systemAuthMode", "NON_SSO"],
      ["timezoneOffset", `${facts.timezoneOffset}`],
      ["uri", uri],
      ["xmppDomain", facts.domain],
      ["xmppPubSubDomain", `pubsub.${facts.domain}`],
    ],
  ]);

export const systemInfoUpdate = (inService: boolean): Update => ({
  node: uri,
  agent: null,
  data: [
    "systemInfo",
    [
      ["status", statusOf(inService)],
      ["uri", uri],
    ],
  ],
  event: "PUT",
  requestId: "",
  source: uri,
});

const statusOf = (inService: boolean): string => (inService ? "IN_SERVICE" : "OUT_OF_SERVICE");
