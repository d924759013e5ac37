/** The shapes of the XMPP console as JSON Schema. */
import type {
  CommandAnswer,
  ShownStanza,
  StanzaPage,
  XmppNode,
  XmppSessionInfo,
  XmppSubscription,
} from "../domain/xmpp-console.ts";
import {
  every,
  fields,
  flag,
  integer,
  type JsonSchema,
  list,
  named,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
} from "./json-schema.ts";
import type { XmppSessionList } from "./messages.ts";

const node = every<XmppNode>({ service: text, node: textOrNull, name: textOrNull });
const subscription = every<XmppSubscription>({
  node: text,
  jid: text,
  state: text,
  subid: textOrNull,
});

const stanza = every<ShownStanza>({
  key: text,
  at: time,
  direction: oneOf("in", "out"),
  kind: oneOf("message", "presence", "iq", "sasl", "stream", "other"),
  type: textOrNull,
  from: textOrNull,
  to: textOrNull,
  id: textOrNull,
  node: textOrNull,
  about: text,
  exchange: textOrNull,
  text,
  cut: flag,
});

export const xmppSchemas = {
  XmppSession: every<XmppSessionInfo>({
    id: text,
    jid: text,
    transport: oneOf("bosh", "websocket", "starttls", "tls"),
    host: text,
    port: integer,
    pubsub: text,
    secure: flag,
    certificate: orNull(
      fields({
        fingerprint256: text,
        problem: textOrNull,
        pin: oneOf("first-seen", "same", "changed", "off"),
      }),
    ),
    since: time,
    state: oneOf("open", "ended"),
    ending: textOrNull,
  }),
  XmppSessionList: every<XmppSessionList>({ sessions: list(named("XmppSession")) }),
  StanzaPage: every<StanzaPage>({
    stanzas: list(stanza),
    next: text,
    more: flag,
    dropped: integer,
  }),
  CommandAnswer: every<CommandAnswer>({
    command: text,
    text,
    nodes: orNull(list(node)),
    subscriptions: orNull(list(subscription)),
    answer: textOrNull,
  }),
} satisfies Record<string, JsonSchema>;
