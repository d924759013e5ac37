/** English words for what was seen on the wire: the closed unions of the domain, each worded exhaustively. */
import type {
  ConnectionErrorName,
  ConnectionMode,
  ConnectionRecord,
  LegClose,
  ServerCertificate,
} from "../../src/domain/connection.ts";
import type { Blame, ExchangeNote, FailureCause, FailurePhase } from "../../src/domain/exchange.ts";
import type { Alert } from "../../src/domain/recording.ts";
import type { XmlFault } from "../model/xml-tree.ts";

type Words<Key extends string> = Readonly<Record<Key, string>>;
type Interference = ConnectionRecord["interference"][number];

/** Sentence for a failure: `who` is a word of `who` below. */
export type CauseSentence = (who: string) => string;

export const wire = {
  /** Who, at the beginning of a sentence. */
  who: {
    client: "The client",
    server: "The server",
    network: "The network",
    boshscope: "Boshscope",
    "fault-rule": "A fault rule",
  } satisfies Words<Blame>,
  /** Who, after a short cause: "reset by server". */
  by: {
    client: "by client",
    server: "by server",
    network: "on the way",
    boshscope: "by Boshscope",
    "fault-rule": "by a fault rule",
  } satisfies Words<Blame>,
  cause: {
    reset: (who) => `${who} reset the connection (TCP RST)`,
    "closed-early": (who) => `${who} closed the connection (TCP FIN) before the message was whole`,
    timeout: () => "The other end did not answer any more and the system gave up (ETIMEDOUT)",
    refused: () => "The server refused the connection: nothing listens on that port",
    unreachable: () => "There is no way to the server (host or network unreachable)",
    dns: () => "The server's name could not be resolved",
    "tls-alert": (who) => `${who} ended TLS with a fatal alert`,
    "tls-untrusted": () =>
      "The client refused Boshscope's certificate: it does not trust the root certificate",
    "tls-failed": (who) => `${who} and Boshscope could not agree on TLS`,
    "certificate-changed": () =>
      "Boshscope refused it: the server shows another certificate than the one remembered",
    "certificate-invalid": () => "Boshscope refused it: the server's certificate is not valid",
    "upstream-proxy": () => "The proxy in front of Boshscope refused the connection",
    "refused-by-boshscope": () => "Boshscope refused it",
    "capture-ended": () => "Boshscope stopped while it was open",
    "fault-rule": () => "A fault rule ended it",
  } satisfies Readonly<Record<FailureCause, CauseSentence>>,
  /** For the list's narrow cells; `by` follows where it adds something. */
  shortCause: {
    reset: "reset",
    "closed-early": "closed",
    timeout: "timed out",
    refused: "refused",
    unreachable: "unreachable",
    dns: "no such name",
    "tls-alert": "TLS alert",
    "tls-untrusted": "CA not trusted",
    "tls-failed": "TLS failed",
    "certificate-changed": "certificate changed",
    "certificate-invalid": "certificate invalid",
    "upstream-proxy": "upstream proxy",
    "refused-by-boshscope": "refused",
    "capture-ended": "capture ended",
    "fault-rule": "fault rule",
  } satisfies Words<FailureCause>,
  phase: {
    connect: "while the server connection was being opened",
    tls: "during the TLS handshake",
    request: "while the request was being sent",
    headers: "while the answer was awaited",
    body: "in the middle of the answer's body",
    frames: "while the WebSocket was open",
  } satisfies Words<FailurePhase>,
  related: {
    "notified-by": "Its outcome is told by",
    "asked-by": "It answers the request",
    repeats: "It repeats",
    "released-by": "The server gave it back because of",
  },
  note: {
    "body-cut": "A body is longer than the body limit; the rest was counted only.",
    "body-not-kept": "A body was not kept: the recorder was behind, or the disk full.",
    "body-unreadable": "A body could not be read, so only its length and keyed hash were kept.",
    unparsed: "Bytes were relayed that do not read as HTTP; they are not shown.",
    decoded: "A content encoding was removed to show it.",
    bomb: "A body unpacks to far more than it is long; unpacking stopped at the limit.",
    "secrets-replaced": "Secrets were replaced before anything was stored.",
    "secrets-kept": "Secrets were kept as they are (--keep-secrets).",
    retransmission: "The same request id was sent before: the client repeated this poll.",
    "joined-late": "The BOSH session was already open when the capture began.",
    empty: "The answer carries no stanza: the server let the poll run out, or gave it back.",
    "hold-release": "The server gave this poll back empty because a newer request had arrived.",
    "early-empty":
      "Empty long before its time although nothing had asked for it: the session was closed, or the server is stopping.",
    overdue: "It waited longer than the server had promised to hold it.",
    "answer-trickles":
      "Some bytes of an answer had come, too few to read, when the client gave up.",
    "closed-in-order":
      "The server closed the connection itself: TLS said so before the FIN. A process that was killed cannot.",
    "two-open": "Several requests stayed open for longer than a hand-over takes.",
    "rid-gap": "Requests before it are missing: they were lost or took another way.",
    "rid-missing": "The request has no rid.",
    "rid-out-of-window":
      "Its rid is outside the window the server accepts; the server ends the session for it.",
    "session-created": "A BOSH session begins here.",
    "session-bound": "The session is bound to its agent here.",
    reconnect: "The client began a new session without ending the one before.",
    failover: "The client came to this node from the other one: a failover.",
    terminate: "The session ends here by a terminate.",
    "stream-error": "The server closed the XMPP stream with an error.",
    "client-jabberwerx": "The client library is JabberWerx, by the way it writes.",
    "client-strophe": "The client library is Strophe, by the way it writes.",
    "ended-by-server": "The server ended the session.",
    "ended-by-client": "The client ended the session: it said goodbye.",
    conflict: "The server's reason: the same user and resource signed in elsewhere.",
    "item-not-found": "The server's reason: a request id it does not expect.",
    "policy-violation": "The server's reason: too many requests, or too quick.",
    "system-shutdown": "The server's reason: it is stopping.",
    "auth-failed": "The server refused the user or password (SASL failure).",
    "finesse-gone":
      "Presence: the Finesse web application left the Notification Service (Tomcat is down).",
    "finesse-back": "Presence: the Finesse web application is back at the Notification Service.",
    "out-of-service": "The server says that it is OUT_OF_SERVICE.",
    "clock-off": "The clocks of server and client differ by more than a second.",
    "clock-far-off": "The clocks of server and client differ by more than a minute.",
    "invalid-sid": "The server does not know this session any more.",
    "xml-unreadable": "The XML could not be read to its end; the event says where reading stopped.",
    "invalid-xml-char":
      "It holds a character that XML 1.0 forbids. Such a body can stop the Notification Service (CSCva72280, CSCva72325).",
    probe: "Made by Boshscope itself, not by a client.",
    replayed: "Sent again by a person, not by the client.",
    imported: "Imported from a file.",
  } satisfies Words<ExchangeNote>,
  alert: {
    "store-failed": {
      title: "The capture cannot be written",
      remedy: "Free some disk space. Traffic goes on; what is not kept is counted.",
    },
    "recorder-behind": {
      title: "The recorder is behind: bodies are left out",
      remedy:
        "Traffic is not slowed. Narrow the capture with --finesse HOST, or lower --body-limit.",
    },
    "undecrypted-7443": {
      title: "Bytes flow to port 7443 undecrypted: BOSH polls are not seen",
      remedy: "The client has to trust the root certificate; open Setup, step 2.",
    },
    "certificate-changed": {
      title: "A server shows another certificate than before, and was refused",
      remedy:
        "Compare the fingerprint with the server's. If it was renewed, remove the remembered one or start with --server-certs off.",
    },
    "secrets-kept": {
      title: "Secrets are being kept in this capture",
      remedy: "Treat the file like a password. Start without --keep-secrets to have them replaced.",
    },
    "keys-logged": {
      title: "TLS keys are being written to a file",
      remedy:
        "With it and a packet capture, everything can be read, passwords too: keys undo redaction. Delete it when you are done; never send it with a capture that is to stay private.",
    },
    "recording-paused": {
      title: "Recording is paused: traffic passes, nothing is kept",
      remedy: "Resume recording with P in the list, or the button in the toolbar.",
    },
    "recorder-stopped": {
      title: "The recorder has stopped",
      remedy:
        "Traffic still passes. Restart Boshscope to record again, and report the log lines around it.",
    },
    "file-viewed": {
      title: "A file is shown, read-only: nothing is recorded",
      remedy: "To comment on it or keep it, take it in with boshscope import.",
    },
  } satisfies Readonly<Record<Alert["code"], { title: string; remedy: string }>>,
  alertCount: {
    exchanges: (count: string) => `${count} exchanges so far`,
    bytes: (count: string) => `${count} so far`,
    since: (time: string) => `since ${time}`,
  },
  mode: {
    undecided: "undecided",
    intercepted: "decrypted",
    plain: "plain HTTP",
    tunnel: "tunnel, not decrypted",
    refused: "refused",
  } satisfies Words<ConnectionMode>,
  connectionError: {
    "malformed-connect": "The client's CONNECT could not be read",
    "malformed-request": "The client's request could not be read",
    "own-address": "The client asked for Boshscope's own address",
    "head-too-large": "A message head was longer than the limit",
    "not-tls": "The client did not speak TLS on a port that is decrypted",
    "tls-client-alert": "The client ended the TLS handshake with an alert",
    "tls-client-closed": "The client closed during the TLS handshake",
    "tls-client-failed": "TLS with the client failed",
    "tls-server-failed": "TLS with the server failed",
    "server-refused": "The server refused the connection",
    "server-timeout": "The server could not be reached in time",
    "server-unreachable": "There is no way to the server",
    "server-reset": "The server reset the connection",
    "dns-failed": "The server's name could not be resolved",
    "certificate-changed": "The server shows another certificate than before",
    "certificate-invalid": "The server's certificate is not valid",
    "upstream-proxy-refused": "The proxy in front of Boshscope refused",
    "client-gone": "The client had gone before the server was reached",
  } satisfies Words<ConnectionErrorName>,
  interference: {
    connect: "The client asked for a tunnel (CONNECT) instead of dialling the server.",
    "second-tls": "TLS is ended and begun anew: the client sees Boshscope's certificate.",
    "http2-not-offered": "The client offered HTTP/2; HTTP/1.1 was agreed.",
    "request-line-rewritten": "The absolute URL in the request line was shortened to its path.",
    "legacy-tls": "Old TLS versions and ciphers were allowed.",
    "upstream-proxy": "Another proxy stands between Boshscope and the server.",
    "fault-rule": "A fault rule acted on it.",
  } satisfies Words<Interference>,
  closeBy: {
    peer: { client: "the client", server: "the server" },
    boshscope: "Boshscope, passing on the other leg's end",
  },
  closeHow: {
    fin: "closed in order (FIN)",
    reset: "reset (RST)",
    "tls-alert": "TLS alert",
    timeout: "timed out",
    failed: "failed",
  } satisfies Words<LegClose["how"]>,
  pin: {
    "first-seen": "first seen now, and remembered",
    same: "same as remembered",
    changed: "changed: not the one remembered",
    off: "not checked",
  } satisfies Words<ServerCertificate["pin"]>,
  xmlFault: {
    empty: "No element",
    doctype: "A document type (refused)",
    truncated: "The text ends too early",
    "mismatched-tag": "An end tag without its start tag",
    "unexpected-text": "Text outside any element",
    "bad-tag": "A broken tag",
    "bad-attribute": "A broken attribute",
    "bad-entity": "An unknown entity",
    "too-deep": "Nested too deep",
    "too-many": "Too many elements",
  } satisfies Words<XmlFault>,
};
