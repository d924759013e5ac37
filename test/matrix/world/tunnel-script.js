/** The frame that owns the BOSH connection: strophe.js, real. Told by its parent to connect; tells what became of it. */
{
  const { Strophe, $pres, $iq } = window.strophe ?? window;
  let connection = null;
  const tell = (kind, data) => parent.postMessage({ kind, data }, "*");

  const connect = ({ jid, password, wait, service }) => {
    connection?.reset();
    connection = new Strophe.Connection(service);
    const mine = connection;
    mine.addHandler(
      (stanza) => {
        const from = stanza.getAttribute("from") ?? "";
        if (from.startsWith("finesse@"))
          tell("finesse", stanza.getAttribute("type") ?? "available");
        return true;
      },
      null,
      "presence",
    );
    mine.addHandler(
      (stanza) => {
        tell("event", stanza.querySelector("notification")?.textContent ?? "");
        return true;
      },
      null,
      "message",
    );
    mine.connect(
      jid,
      password,
      (status, condition) => {
        if (mine !== connection) return;
        const name = Object.keys(Strophe.Status).find((key) => Strophe.Status[key] === status);
        if (status === Strophe.Status.CONNECTED) mine.send($pres().tree());
        tell("status", condition === "conflict" ? "CONFLICT" : name);
      },
      wait,
      1,
    );
  };

  addEventListener("message", ({ data }) => {
    if (data.kind === "connect") connect(data.data);
    if (data.kind === "disconnect") connection?.disconnect("sign-out");
    if (data.kind === "ping" && connection?.connected) {
      const iq = $iq({ type: "get", to: location.hostname }).c("ping", { xmlns: "urn:xmpp:ping" });
      connection.send(iq.tree());
    }
    // A page that resumes a session the server may have forgotten.
    if (data.kind === "attach") {
      connection = new Strophe.Connection(data.data.service);
      connection.attach(data.data.jid, data.data.sid, data.data.rid, () => {}, data.data.wait, 1);
    }
  });
  tell("ready", "");
}
