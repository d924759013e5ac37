/** An agent desktop around the tunnel frame: SystemInfo each minute, the red banner's failover loop, gadgets. What happens is printed. */
{
  const beatMs = 60_000;
  const failoverMs = 20_000;
  const state = { options: null, failing: false, connected: false, frame: null };
  // The stage reads the page's console.
  // oxlint-disable-next-line no-console
  const say = (kind, data = "") => console.log(`desktop ${kind} ${data}`);

  const get = async (path) => {
    const nocache = Date.now() + state.options.skewMs;
    const separator = path.includes("?") ? "&" : "?";
    const { agent, password } = state.options;
    const response = await fetch(`/finesse/api/${path}${separator}nocache=${nocache}`, {
      headers: {
        Authorization: `Basic ${btoa(`${agent}:${password}`)}`,
        Accept: "application/xml",
      },
    });
    return { status: response.status, text: await response.text() };
  };

  const toTunnel = (kind, data) => state.frame.contentWindow.postMessage({ kind, data }, "*");
  const connect = () => toTunnel("connect", state.options);

  const round = async () => {
    if (!state.failing) return;
    const info = await get("SystemInfo").catch(() => null);
    const fit = info !== null && info.text.includes("<status>IN_SERVICE</status>");
    say("round", fit);
    if (fit && state.connected) state.failing = false;
    else if (fit) connect();
    setTimeout(() => void round(), failoverMs);
  };

  const fail = (why) => {
    if (state.failing) return;
    state.failing = true;
    say("banner", why);
    void round();
  };

  const onStatus = (status) => {
    say("status", status);
    if (status === "CONNECTED") {
      state.connected = true;
      state.failing = false;
      void get(`User/${state.options.agent}`).catch(() => null);
    }
    if (["DISCONNECTED", "CONNFAIL"].includes(status)) {
      state.connected = false;
      fail(status);
    }
    if (["AUTHFAIL", "CONFLICT"].includes(status)) {
      state.connected = false;
      // Neither is retried; the banner stays away.
      state.failing = true;
    }
  };

  addEventListener("message", ({ data, source }) => {
    if (source !== state.frame?.contentWindow) return;
    if (data.kind === "ready") connect();
    if (data.kind === "status") onStatus(data.data);
    if (data.kind === "finesse" && data.data === "unavailable") fail("finesse");
    if (data.kind === "event") {
      say("event", data.data.slice(0, 200));
      if (data.data.includes("OUT_OF_SERVICE")) fail("OUT_OF_SERVICE");
    }
  });

  const beat = () => {
    if (!state.failing) void get("SystemInfo?timestamponly").catch(() => say("beat-failed"));
  };

  window.desktop = {
    open(options) {
      state.options = options;
      void get("SystemInfo").catch(() => say("beat-failed"));
      state.frame = document.createElement("iframe");
      state.frame.src = options.tunnel;
      document.body.append(state.frame);
      setInterval(beat, beatMs);
    },
    ping: () => toTunnel("ping", null),
    attach: (data) => toTunnel("attach", data),
    connect,
    putState: (name) =>
      fetch(`/finesse/api/User/${state.options.agent}`, {
        method: "PUT",
        headers: {
          Authorization: `Basic ${btoa(`${state.options.agent}:${state.options.password}`)}`,
          "Content-Type": "application/xml",
          requestId: crypto.randomUUID(),
        },
        body: `<User><state>${name}</state></User>`,
      }).then((response) => response.status),
    setPassword(password) {
      state.options.password = password;
    },
    user: () => get(`User/${state.options.agent}`).then(({ status }) => status),
    /** A busy main thread. */
    block(ms) {
      setTimeout(() => {
        const until = Date.now() + ms;
        while (Date.now() < until) Math.sqrt(until);
      }, 0);
    },
    /** A third-party gadget that asks without measure, and then chews on the answers. */
    storm({ requests, everyMs, chewMs, hosts }) {
      say("storm", requests);
      let sent = 0;
      const next = () => {
        const host = hosts[sent % hosts.length];
        const url = `${host}/gadgets/makeRequest?nocache=${Date.now()}${sent}`;
        const body = `url=${encodeURIComponent("https://wallboard.example/api/queue")}&httpMethod=GET&gadget=wallboard`;
        const headers = { "Content-Type": "application/x-www-form-urlencoded" };
        fetch(url, { method: "POST", headers, body, mode: host === "" ? "cors" : "no-cors" })
          .then((response) => response.text())
          .catch(() => "")
          .finally(() => {
            const until = Date.now() + chewMs;
            while (Date.now() < until) Math.sqrt(until);
          });
        if (++sent < requests) setTimeout(next, everyMs);
      };
      next();
    },
  };
}
