/**
 * Runs in a page beside strophe.js: signs in by BOSH or WebSocket, and keeps the log of a client, from what the browser tells the library and what the
 * library tells the page. Times are ms of the page's own clock.
 */
(() => {
  const log = [];
  const note = (what, more = {}) => log.push({ at: performance.now(), what, ...more });
  const noted = new Set();

  window.XMLHttpRequest = class extends XMLHttpRequest {
    #rid = 0;
    #isOver = false;

    constructor() {
      super();
      // Before the library's own listener, which may send again at once.
      this.addEventListener("readystatechange", () => this.#changed());
    }

    #changed() {
      if (this.readyState !== 4 || this.#rid === 0 || this.#isOver) return;
      this.#isOver = true;
      const { status } = this;
      if (status === 0) note("failed", { rid: this.#rid });
      else note("answered", { rid: this.#rid, status, fault: this.getResponseHeader("x-fault") });
    }

    send(body) {
      this.#rid = Number(/ rid=['"](\d+)/.exec(body ?? "")?.[1] ?? 0);
      if (this.#rid > 0) {
        const isPoll = /^<body[^>]*\/>$/.test(body);
        note(noted.has(this.#rid) ? "resent" : "sent", { rid: this.#rid, isPoll });
        noted.add(this.#rid);
      }
      super.send(body);
    }

    abort() {
      if (this.#rid > 0 && !this.#isOver) note("aborted", { rid: this.#rid });
      this.#isOver = true;
      super.abort();
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.addEventListener("close", ({ code }) => note("closed", { status: code }));
    }
  };

  const pubsub = "http://jabber.org/protocol/pubsub";
  const updateOf = (state) =>
    `<Update><data><user><state>${state}</state></user></data><event>PUT</event><source>/finesse/api/User/1</source></Update>`;

  window.client = {
    log,
    signIn({ jid, password, wait, service }) {
      const { Strophe, $iq, $msg, $pres } = window.strophe ?? window;
      const names = Object.fromEntries(
        Object.entries(Strophe.Status).map(([key, value]) => [value, key]),
      );
      const connection = new Strophe.Connection(service, {
        protocol: service.startsWith("ws") ? "wss" : undefined,
      });
      connection.connect(
        jid,
        password,
        (status) => {
          note("status", { status: names[status] });
          if (status !== Strophe.Status.CONNECTED) return;
          connection.addHandler(
            (message) => {
              const text = message.getElementsByTagName("notification")[0]?.textContent ?? "";
              note("told", { state: /<state>(.*?)<\/state>/.exec(text)?.[1] ?? text });
              return true;
            },
            null,
            "message",
          );
          connection.send($pres());
        },
        wait,
        1,
      );
      /** A notification to itself, as pubsub sends it. */
      this.tell = (state) => {
        note("tells", { state });
        connection.send(
          $msg({ to: connection.jid })
            .c("event", { xmlns: `${pubsub}#event` })
            .c("items", { node: "/finesse/api/User/1" })
            .c("item", { id: "1" })
            .c("notification", { xmlns: pubsub })
            .t(updateOf(state)),
        );
      };
      this.ping = (withinMs) => {
        note("pings");
        const server = connection.jid.split("@")[1].split("/")[0];
        connection.sendIQ(
          $iq({ type: "get", to: server }).c("ping", { xmlns: "urn:xmpp:ping" }),
          () => note("ping answered"),
          () => note("ping lost"),
          withinMs,
        );
      };
    },
  };
})();
