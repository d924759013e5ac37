/** What logs alone tell: a client that stopped asking (F18 by the client), a service stopped (F11), CTI lost (F15), XMPP lost (F14). */
import type { Case } from "../case.ts";
import { bounded, type Claim, type Detector, manyAgents, phrase } from "../claim.ts";

const settle = [phrase("settle.capture"), phrase("settle.client-log")];

export const logged: Detector = (one) => {
  if (one.has("log-service-stopped"))
    return claim("F11", "server", bounded(0.85 + manyAgents(one).shift), "because.log-service");
  if (one.has("log-cti-lost")) return claim("F15", "server", 0.8, "because.log-cti");
  if (one.has("log-xmpp-lost")) return claim("F14", "server", 0.55, "because.log-xmpp");
  return one.has("log-idle-close") ? idle(one) : null;
};

/** The server closes a session that it is not asked about: by the article almost always the client's side. Many at once are not. */
function idle(one: Case): Claim {
  const many = one.agents.length >= 3;
  return claim("F18", many ? "unknown" : "client", many ? 0.4 : 0.65, "because.log-not-asked");
}

const claim = (
  cause: Claim["cause"],
  side: Claim["side"],
  confidence: number,
  because: string,
): Claim => ({ cause, side, confidence, because: [phrase(because)], settle });
