/**
 * What we use of xmpp.js 0.14, which brings no types. DefinitelyTyped has them for half of its parts only, and with those of koa and
 * express 4; these are the few calls made here, held against the real thing by the tests before prosody and ejabberd.
 */
declare module "@xmpp/client-core" {
  import type { EventEmitter } from "node:events";

  export interface Jid {
    toString(): string;
  }
  /** A class of connection: how its URI is told, and the socket and parser it works with. */
  export type Transport = new () => { socketParameters(service: string): unknown };
  export class Client extends EventEmitter {
    constructor(options: {
      readonly service: string;
      readonly domain: string;
      readonly timeout: number;
    });
    transports: Transport[];
    readonly jid: Jid | null;
    isSecure(): boolean;
    /** Resolves once a resource is bound. */
    start(): Promise<Jid>;
  }
}

declare module "@xmpp/websocket/lib/Connection.js" {
  export default class ConnectionWebSocket {
    socketParameters(service: string): unknown;
  }
}

declare module "@xmpp/middleware" {
  import type { Client } from "@xmpp/client-core";

  export interface Middleware {
    use(handler: unknown): unknown;
  }
  export default function middleware(parts: { entity: Client }): Middleware;
}

declare module "@xmpp/stream-features" {
  import type { Middleware } from "@xmpp/middleware";

  export interface StreamFeatures {
    use(name: string, namespace: string, handler: unknown): unknown;
  }
  export default function streamFeatures(parts: { middleware: Middleware }): StreamFeatures;
}

declare module "@xmpp/iq/caller.js" {
  import type { Client } from "@xmpp/client-core";
  import type { Middleware } from "@xmpp/middleware";

  export interface IqCaller {
    start(): void;
  }
  export default function iqCaller(parts: { middleware: Middleware; entity: Client }): IqCaller;
}

declare module "@xmpp/iq/callee.js" {
  import type { Client } from "@xmpp/client-core";
  import type { Middleware } from "@xmpp/middleware";

  export interface IqCallee {
    get(namespace: string, name: string, handler: () => unknown): void;
  }
  export default function iqCallee(parts: { middleware: Middleware; entity: Client }): IqCallee;
}

declare module "saslmechanisms" {
  export default class SaslFactory {
    use(mechanism: unknown): this;
  }
}

declare module "@xmpp/sasl" {
  import type { StreamFeatures } from "@xmpp/stream-features";
  import type SaslFactory from "saslmechanisms";

  type Authenticate = (
    credentials: { readonly username: string; readonly password: string },
    mechanism: string,
  ) => Promise<void>;
  /** `mechanisms`: those offered that the factory knows, in its order. */
  export default function sasl(
    parts: { streamFeatures: StreamFeatures; saslFactory: SaslFactory },
    onAuthenticate: (authenticate: Authenticate, mechanisms: readonly string[]) => Promise<void>,
  ): void;
}

declare module "@xmpp/sasl-plain" {
  import type SaslFactory from "saslmechanisms";
  export default function plain(factory: SaslFactory): void;
}

declare module "@xmpp/sasl-scram-sha-1" {
  import type SaslFactory from "saslmechanisms";
  export default function scramSha1(factory: SaslFactory): void;
}

declare module "@xmpp/resource-binding" {
  import type { IqCaller } from "@xmpp/iq/caller.js";
  import type { StreamFeatures } from "@xmpp/stream-features";
  export default function resourceBinding(
    parts: { streamFeatures: StreamFeatures; iqCaller: IqCaller },
    resource: string,
  ): void;
}
