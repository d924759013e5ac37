/** Finesse's web application as an XMPP client of a real server: the user `finesse`, whose presence desktops watch, and who publishes. */
import { Agent, request } from "node:https";

const domain = "fin1.demo.test";
export const finesseUser = { name: "finesse", password: "f1nesse" };

export class FinesseUser {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  #rid = 1_000_000 + Math.floor(Date.now() % 1_000_000);
  #sid = "";
  #alive = true;

  private constructor(port: number) {
    this.#port = port;
  }

  static async signIn(port: number): Promise<FinesseUser> {
    const user = new FinesseUser(port);
    const created = await user.#post(
      `xmlns:xmpp='urn:xmpp:xbosh' to='${domain}' wait='5' hold='1' ver='1.6' xmpp:version='1.0'`,
      "",
    );
    user.#sid = /\bsid=['"]([^'"]+)/.exec(created)?.[1] ?? "";
    const plain = Buffer.from(`\0${finesseUser.name}\0${finesseUser.password}`).toString("base64");
    const steps: readonly (readonly [string, string])[] = [
      ["", `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`],
      [`xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true' to='${domain}'`, ""],
      [
        "",
        "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>finesse</resource></bind></iq>",
      ],
      [
        "",
        "<iq xmlns='jabber:client' type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
      ],
      ["", "<presence xmlns='jabber:client'/>"],
    ];
    for (const [attributes, stanzas] of steps) await user.#post(attributes, stanzas);
    void user.#poll();
    return user;
  }

  /** Tells an agent's desktop that Finesse is there, or not. */
  async present(agent: string, isPresent: boolean): Promise<void> {
    const type = isPresent ? "" : " type='unavailable'";
    await this.#post(
      "",
      `<presence xmlns='jabber:client' to='${agent}@${domain}/desktop'${type}/>`,
    );
  }

  /** A notification of a node to an agent's desktop. */
  async publish(agent: string, node: string, update: string): Promise<void> {
    const text = update.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const item = `<item id='${Date.now().toString(16)}'><notification xmlns='http://jabber.org/protocol/pubsub'>${text}</notification></item>`;
    await this.#post(
      "",
      `<message xmlns='jabber:client' to='${agent}@${domain}/desktop' id='n${Date.now()}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${node}'>${item}</items></event></message>`,
    );
  }

  close(): void {
    this.#alive = false;
    this.#agent.destroy();
  }

  async #poll(): Promise<void> {
    while (this.#alive) {
      const answer = await this.#post("", "").catch(() => "terminate");
      if (answer.includes("terminate")) this.#alive = false;
    }
  }

  #post(attributes: string, stanzas: string): Promise<string> {
    const sid = this.#sid === "" ? "" : ` sid='${this.#sid}'`;
    const body = `<body xmlns='http://jabber.org/protocol/httpbind' rid='${this.#rid++}'${sid} ${attributes}>${stanzas}</body>`;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const outgoing = request(
      {
        agent: this.#agent,
        host: "127.0.0.1",
        port: this.#port,
        servername: domain,
        path: "/http-bind",
        method: "POST",
        headers: {
          host: domain,
          "content-type": "text/xml; charset=utf-8",
          "content-length": Buffer.byteLength(body),
        },
      },
      (answer) => {
        const chunks: string[] = [];
        answer.on("data", (chunk) => chunks.push(String(chunk)));
        answer.on("end", () => resolve(chunks.join("")));
        answer.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
    return promise;
  }
}
