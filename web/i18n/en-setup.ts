/** English words of the Setup screen. */

export const setup = {
  title: "Three steps to the first decrypted poll",
  done: "done",
  waiting: "waiting",
  problem: "problem",
  proxyTitle: "The browser uses the proxy",
  proxySeen: (time: string) => `First connection seen at ${time}.`,
  proxyWaiting: "No client has connected to the proxy yet.",
  proxyAddress: "Proxy address",
  pacAddress: "Automatic configuration (PAC)",
  pacHint: "Sends only the Finesse servers through Boshscope; everything else stays direct.",
  proxyHow: [
    [
      "Chrome, Edge",
      "They take the system's setting. Windows: Settings › Network & internet › Proxy › Use setup script, and paste the PAC address. macOS: Network › Details › Proxies. To leave the system alone, start them with --proxy-pac-url=…",
    ],
    [
      "Firefox",
      "Settings › General › Network Settings › Automatic proxy configuration URL, and paste the PAC address.",
    ],
    ["Undo", "Remove the same entry; Boshscope itself changes no setting."],
  ] as readonly (readonly [string, string])[],
  trustTitle: "The browser trusts the root certificate",
  trustWaiting: "No TLS connection to a Finesse port has been seen yet.",
  trustText:
    "One root certificate covers every host and port. It was made on this machine, its key never leaves it, and no other machine trusts it.",
  download: "Root certificate",
  downloadPem: "PEM (Firefox, macOS, Linux)",
  downloadCer: "CER (Windows)",
  fingerprint: "SHA-256 fingerprint",
  endpoint: "Host and port",
  state: "State",
  seen: "Last seen",
  states: {
    trusted: "trusted",
    rejected: "refused by the client",
    seen: "connected, not decided yet",
    tunnel: "not decrypted",
  },
  tunnelText:
    "Its bytes pass through unread. If this is a Finesse server, name it with --finesse HOST.",
  rejectedText: (alert: string) => `The client ended the handshake with TLS alert ${alert}.`,
  rejectedSilent: "The client closed the connection during the handshake, without an alert.",
  rejectedMeaning: {
    untrusted: "It does not trust the root certificate.",
    certificate: "It does not accept the certificate shown.",
    version: "It could not agree on a TLS version or cipher.",
    "given-up": "It gave up by itself, for example because the page was left.",
    other: "The number says no more than that it refused.",
  },
  rejectedRemedy: {
    untrusted:
      "Import the root certificate as below, in the store of this very browser (Firefox has its own), then close all its windows and open it again.",
    certificate:
      "Check that this machine's clock is right, and remove old Boshscope certificates from the store before importing the present one.",
    version:
      "An old client needs --legacy-tls; a proxy or security agent in between may also be the cause.",
    "given-up": "Reload the page; if it happens again, import the root certificate as below.",
    other: "Import the root certificate as below; if it stays, look at the connection's errors.",
  },
  bindTitle: "BOSH polls are seen",
  bindSeen: (time: string) => `First http-bind request decrypted at ${time}.`,
  bindWaiting: "No http-bind request yet. It appears as soon as an agent signs in to the desktop.",
  bindWebsocket: "Newer desktops may use a WebSocket instead: then /ws appears in the list.",
  howTitle: "Trust it, and remove it again",
  where: "Where",
  trust: "Run",
  remove: "Remove",
  how: [
    [
      "Nothing to trust: a browser of its own",
      "npm run boshscope -- browser",
      "",
      "Starts an installed Chrome, Edge, Chromium or Firefox with a throw-away profile that uses the proxy and trusts this root certificate. Nothing on the system changes, and nothing is left to remove.",
    ],
    [
      "Windows (Chrome, Edge)",
      "certutil -user -addstore Root boshscope-ca.cer",
      "Get-ChildItem Cert:\\CurrentUser\\Root | Where-Object Subject -like '*Boshscope local CA*' | Remove-Item",
      "Or double-click the .cer file: Install Certificate › Current User › Trusted Root Certification Authorities. The removal line is for PowerShell; or run certmgr.msc, Trusted Root Certification Authorities.",
    ],
    [
      "macOS (Chrome, Edge, Safari)",
      "security add-trusted-cert -r trustRoot -p ssl -k ~/Library/Keychains/login.keychain-db boshscope-ca.pem",
      "security remove-trusted-cert boshscope-ca.pem",
      "Or open the file in Keychain Access, and set it to Always Trust. To remove: delete it there.",
    ],
    [
      "Linux (Chrome, Edge)",
      "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Boshscope -i boshscope-ca.pem",
      "certutil -d sql:$HOME/.pki/nssdb -D -n Boshscope",
      "certutil comes with the package libnss3-tools (nss-tools on Red Hat).",
    ],
    [
      "Firefox (any system)",
      "",
      "",
      "Settings › Privacy & Security › Certificates › View Certificates › Authorities › Import, tick “Trust this CA to identify websites”. To remove: select it in the same list, Delete or Distrust.",
    ],
  ] as readonly (readonly [string, string, string, string])[],
  settings: "How Boshscope was started",
  setting: "Option",
  value: "Value",
  origin: "Set by",
  loopback:
    "Browsers never send localhost and 127.0.0.1 through a proxy: use the server's real name.",
};
