/** The network of the XMPP console: the proxy's settings, so that it goes the same way and trusts the same servers. */

import type { ResolveRule } from "./config-values.ts";
import { createDial } from "./intercept/dial.ts";
import { EndpointMemory } from "./intercept/endpoint-memory.ts";
import type { PinStore } from "./intercept/pins.ts";
import { createServerContext } from "./intercept/server-leg.ts";
import type { Network } from "./xmpp-client/network.ts";

interface Settings {
  readonly resolve: readonly ResolveRule[];
  readonly upstream?: string | undefined;
  readonly serverCerts: "pin" | "strict" | "off";
  readonly legacyTls: boolean;
}

export function xmppNetwork(settings: Settings, pins: PinStore): Network {
  const { serverCerts, legacyTls, upstream = null } = settings;
  return {
    dial: createDial({
      resolve: new Map(settings.resolve.map(({ from, ...to }) => [from, to])),
      upstream,
    }),
    serverCerts,
    endpoints: new EndpointMemory(serverCerts === "pin" ? pins : null),
    secureContext: createServerContext({ legacyTls, trustedServerCas: [] }),
  };
}
