/** Every limit a verdict is judged by, in protocol ms unless it says so, with its source in the domain's tables. */

export const limits = {
  /** While the granted wait is not known. */
  assumedWait: 30_000,
  /** Of a session joined midway, until an answer has shown its wait: no library asks for more by itself (Strophe asks for 60 s, JabberWerx for 30). */
  longestWait: 60_000,
  assumedInactivity: 60_000,
  reaperPeriod: 30_000,
  /** From the loss of presence to the forced logout. */
  forcedLogout: 60_000,
  /** An answer this much after the wait is late; a poll this much older than its wait is lost. */
  lateBeyondWait: 2000,
  lostBeyondWait: 5000,
  /** One this much before its wait still counts for whole. */
  earlyBeforeWait: 1000,
  /** A client that leaves within this of its library's timeout gave up waiting. */
  timeoutSlack: 1500,
  /** Silence of a client that no timer of its library explains. */
  gap: 5000,
  /** Chrome's timers in a tab hidden for five minutes. */
  hiddenTick: 60_000,
  /** The server expects a ping each 20 s; the libraries send one each 10 s. */
  pingSilence: 25_000,
  pingUnanswered: 15_000,
  /** A REST answer is this late at worst while all is well. */
  restSlow: 5000,
  /** A browser that was asked for credentials by a 401 repeats its request at once. */
  askedAgain: 1000,
  /** A connection that is not open after this: nothing listens to its SYN, or the handshake is not answered. */
  connectSlow: 5000,
  /** Symptoms of one trigger come within these. */
  together: 150_000,
  sameInstant: 40_000,
  /** A character XML forbids can have caused what falls within this after it. */
  badCharacter: 60_000,
  /** A touch by a fault rule can have caused what follows within this. */
  faultReach: 150_000,
  /** An agent not heard for longer had stopped working before. */
  otherActive: 120_000,
} as const;

/** Real ms, whatever the speed of a simulation: below these a machine's own stutter looks like trouble. */
export const real = {
  gap: 2000,
  rest: 2000,
  connect: 2500,
  /** A finding is told when its evidence is strong, or after this. */
  settle: 2500,
  /** Our own loop, or the whole machine, was late by this. */
  lag: 2000,
  slept: 30_000,
  /** We stood still for this: worth telling although nothing broke. */
  ownStop: 5000,
  /** A request on a kept-alive connection that ends this soon met the connection's end: every client sends it again. */
  keepAliveRace: 250,
} as const;

/** Requests that are no polls, from one agent in `stormWindow` before a silence or `stormInSilence` in it: more is a storm. */
export const stormRequests = 40;
/** Through the gadget server; when each keeps the page busy for most of a second, few fit into a silence. */
export const stormGadgetCalls = 12;
export const stormWindow = 10_000;
/** In the silence itself they come slower, each keeping the page busy for most of a second. */
export const stormInSilence = 15_000;
