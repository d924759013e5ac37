/**
 * The gadget under test: it wants an agent's events, and comes back by itself when the connection is lost, after 1, 2, 4 … 30 s.
 * This is the code you would put your own in place of.
 */
const { Strophe, $pres } = globalThis;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** What happened, for the test to read. */
const states = [];

function keepConnected({ jid, password }) {
  let pauseMs = firstPauseMs;
  const connect = () => {
    const connection = new Strophe.Connection(`${location.origin}/http-bind/`);
    connection.connect(
      jid,
      password,
      (status) => {
        if (status === Strophe.Status.CONNECTED) {
          pauseMs = firstPauseMs;
          connection.send($pres().tree());
          tell("connected");
        }
        if (status === Strophe.Status.DISCONNECTED) {
          tell("disconnected");
          setTimeout(connect, pauseMs);
          pauseMs = Math.min(2 * pauseMs, longestPauseMs);
        }
      },
      30,
      1,
    );
  };
  connect();
}

function tell(state) {
  states.push(state);
  document.getElementById("state").textContent = state;
}

Object.assign(globalThis, { keepConnected, states });
