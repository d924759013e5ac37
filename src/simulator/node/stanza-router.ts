/** What the Notification Service does with each stanza: signs a client in, binds it, answers questions, keeps subscriptions. */
import type { XmlElement } from "../../xml/tree.ts";
import { attributeOf, elementsIn, textOf } from "../../xml/tree.ts";
import { conflictError, iqResult, saslFailure, saslSuccess } from "./bosh-answers.ts";
import type { ClientStream } from "./stream.ts";

export interface RouterOptions {
  readonly domain: string;
  readonly passwordOf: (user: string) => string | null;
  /** Open streams by full JID. */
  readonly bound: Map<string, ClientStream>;
  /** Called once a stream becomes available, or is not any more. */
  readonly onPresence: (stream: ClientStream, available: boolean) => void;
  /** Explicit subscriptions: node → bare or full JIDs. */
  readonly subscriptions: Map<string, Set<string>>;
  /** All pubsub nodes there are. */
  readonly nodes: () => readonly string[];
}

const discoItems = "http://jabber.org/protocol/disco#items";
const discoInfo = "http://jabber.org/protocol/disco#info";
const pubsub = "http://jabber.org/protocol/pubsub";

export class StanzaRouter {
  private readonly options: RouterOptions;

  constructor(options: RouterOptions) {
    this.options = options;
  }

  receive(stream: ClientStream, stanza: XmlElement): void {
    if (stanza.local === "auth") this.authenticate(stream, stanza);
    else if (stream.identity.user === null) stream.send(saslFailure);
    else if (stanza.local === "iq") this.query(stream, stanza);
    else if (stanza.local === "presence") this.presence(stream, stanza);
  }

  private authenticate(stream: ClientStream, stanza: XmlElement): void {
    // [authorisation id] NUL user NUL password
    const parts = Buffer.from(textOf(stanza), "base64").toString("utf8").split("\0");
    const [, user = "", password = ""] = parts;
    const expected = this.options.passwordOf(user);
    const good = parts.length === 3 && expected !== null && expected === password;
    if (good) stream.identity.user = user;
    stream.send(good ? saslSuccess : saslFailure);
  }

  private query(stream: ClientStream, iq: XmlElement): void {
    const id = attributeOf(iq, "id") ?? "";
    const child = elementsIn(iq)[0];
    if (child === undefined) return;
    if (child.local === "bind") this.bind(stream, id, child);
    else if (child.local === "session") this.reply(stream, id, this.options.domain);
    else if (child.local === "ping") this.reply(stream, id, this.options.domain);
    else if (child.local === "query") this.disco(stream, iq, child.namespace);
    else if (child.namespace === pubsub) this.subscribe(stream, id, child);
    else this.refuse(stream, id);
  }

  private bind(stream: ClientStream, id: string, bind: XmlElement): void {
    const wanted = elementsIn(bind).find(({ local }) => local === "resource");
    const resource = wanted === undefined ? stream.sid : textOf(wanted);
    const { domain, bound } = this.options;
    const jid = `${stream.identity.user}@${domain}/${resource}`;
    const older = bound.get(jid);
    if (older !== undefined && older !== stream) {
      older.send(conflictError);
      older.close("conflict");
    }
    stream.identity.jid = jid;
    bound.set(jid, stream);
    const content = `<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>${jid}</jid></bind>`;
    stream.send(iqResult({ id, to: `${domain}/${stream.sid}` }, content));
  }

  private disco(stream: ClientStream, iq: XmlElement, namespace: string): void {
    const id = attributeOf(iq, "id") ?? "";
    const to = attributeOf(iq, "to") ?? this.options.domain;
    if (namespace === discoInfo) {
      const content = `<query xmlns="${discoInfo}"><identity category="server" name="Openfire Server" type="im"/><feature var="${discoInfo}"/><feature var="${discoItems}"/><feature var="urn:xmpp:ping"/></query>`;
      this.reply(stream, id, to, content);
    } else if (namespace === discoItems) {
      const items = to.startsWith("pubsub.")
        ? this.options.nodes().map((node) => `<item jid="${to}" node="${node}" name=""/>`)
        : [`<item jid="pubsub.${this.options.domain}" name="Publish-Subscribe service"/>`];
      this.reply(stream, id, to, `<query xmlns="${discoItems}">${items.join("")}</query>`);
    } else this.refuse(stream, id);
  }

  private subscribe(stream: ClientStream, id: string, request: XmlElement): void {
    const from = `pubsub.${this.options.domain}`;
    const change = elementsIn(request)[0];
    const node = change === undefined ? null : attributeOf(change, "node");
    const jid = change === undefined ? null : attributeOf(change, "jid");
    if (change === undefined || node === null || jid === null) return this.refuse(stream, id);
    const subscribers = this.options.subscriptions.get(node) ?? new Set<string>();
    this.options.subscriptions.set(node, subscribers);
    if (change.local === "unsubscribe") {
      subscribers.delete(jid);
      return this.reply(stream, id, from);
    }
    subscribers.add(jid);
    const content = `<pubsub xmlns="${pubsub}"><subscription node="${node}" jid="${jid}" subid="${stream.sid}" subscription="subscribed"/></pubsub>`;
    this.reply(stream, id, from, content);
  }

  private presence(stream: ClientStream, presence: XmlElement): void {
    if (attributeOf(presence, "to") !== null) return;
    const available = attributeOf(presence, "type") === null;
    if (stream.identity.available === available || stream.identity.jid === null) return;
    stream.identity.available = available;
    this.options.onPresence(stream, available);
  }

  private reply(stream: ClientStream, id: string, from: string, content = ""): void {
    const { jid } = stream.identity;
    stream.send(iqResult(jid === null ? { id, from } : { id, from, to: jid }, content));
  }

  private refuse(stream: ClientStream, id: string): void {
    stream.send(
      `<iq xmlns="jabber:client" type="error" id="${id}" from="${this.options.domain}"><error code="503" type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
  }
}
