/** All scenarios, in the order of the failure catalogue's causes. */
import { asleep } from "./asleep.ts";
import { conflict } from "./conflict.ts";
import { firewallAges, firewallBlocks } from "./firewall.ts";
import { frozenTabs } from "./frozen-tab.ts";
import { lateAnswers } from "./late-answer.ts";
import { lossyNetwork } from "./lossy-network.ts";
import {
  invalidSession,
  serviceHung,
  serviceRestarted,
  serviceStopped,
} from "./notification-service.ts";
import { pollLost } from "./poll-lost.ts";
import type { Scenario } from "./scenario.ts";
import { ctiDown, publisherDead, tomcatDown } from "./server-side.ts";

export const scenarios: readonly Scenario[] = [
  firewallBlocks,
  firewallAges,
  ...lateAnswers,
  pollLost,
  lossyNetwork,
  ...frozenTabs,
  asleep,
  serviceStopped,
  serviceHung,
  serviceRestarted,
  tomcatDown,
  ctiDown,
  publisherDead,
  invalidSession,
  conflict,
];
