/** Every time limit the session machine judges by, in ms, with its source. Nothing else in this folder holds a number of seconds. */

export const thresholds = {
  /** What both client libraries ask for and Finesse grants; used while the granted wait is not known. */
  assumedWait: 30_000,
  /** The idle limit in Finesse's log ("threshold value of 60"); stock Openfire says 30. */
  assumedInactivity: 60_000,
  /** Openfire looks for idle sessions this often, so one may outlive its limit by as much. */
  reaperPeriod: 30_000,
  /** A poll older than its wait and this is late: more than a generous round trip. */
  lateBeyondWait: 2000,
  /** A poll older than its wait and this is lost: JabberWerx aborts it then (measured: 35.000 s at a wait of 30). */
  overdueBeyondWait: 5000,
  /** An empty answer sooner than the wait less this is not the timeout of the poll. */
  earlyBeforeWait: 1000,
  /** A held poll is let go this soon after a newer request, when all is well. */
  promptRelease: 100,
  /** More requests open than the server may hold for longer than this: it does not let go, or an answer was lost. */
  crowded: 1000,
  /** Above the 15 ms of JabberWerx and the 110 ms of Strophe, with a margin. */
  thinkGapNormal: 250,
  /** One timer tick of a hidden Chrome tab. */
  thinkGapSlow: 1000,
  /** No timer of either library explains it; throttling does. */
  thinkGapBad: 5000,
  /** The idle limit: the server may have closed the session. */
  thinkGapCritical: 60_000,
  /** The idle limit and one period of the reaper: the server has closed it. */
  thinkGapFatal: 90_000,
} as const;

export type ThinkGapGrade = "normal" | "noticeable" | "slow" | "bad" | "critical" | "fatal";

/** How bad a silence between an answer and the next request is. */
export function gradeThinkGap(ms: number): ThinkGapGrade {
  if (ms <= thresholds.thinkGapNormal) return "normal";
  if (ms < thresholds.thinkGapSlow) return "noticeable";
  if (ms < thresholds.thinkGapBad) return "slow";
  if (ms <= thresholds.thinkGapCritical) return "bad";
  return ms <= thresholds.thinkGapFatal ? "critical" : "fatal";
}

/** Requests a server allows at once, and holds, while its grant is not known (Openfire's defaults). */
export const assumedRequests = 2;
export const assumedHold = 1;
