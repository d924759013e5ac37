/** Words of the dialog that exports, in English. */
export const exporting = {
  open: "Export",
  title: "Export as a file",
  range: "What",
  ranges: (selected: number) => ({
    all: "the whole capture",
    filter: "what the filter shows",
    selection: selected === 1 ? "the selected row" : `the ${selected} selected rows`,
  }),
  format: "File",
  formats: {
    saz: "SAZ (Fiddler)",
    har: "HAR (browsers)",
    pcapng: "pcapng (Wireshark; decode TCP ports 7443 and 8445 as HTTP)",
    boshscope: ".boshscope (Boshscope)",
  },
  redact: "Replace",
  redactions: {
    yes: "agents, names, numbers, call data",
    hosts: "these, and host names and addresses",
    no: "nothing",
  },
  password: "Password (AES-256)",
  passwordHint: "none",
  warning:
    "Agents, names, phone numbers and call data will be in the file as they are. Passwords and tokens were replaced when they were captured, unless the capture keeps them.",
  reading: "Counting what would be replaced…",
  replaced: "Replaced, the same by the same pseudonym",
  kept: "Not replaced",
  kinds: {
    agent: "agents and other user names",
    number: "extensions and phone numbers",
    person: "names of people",
    value: "call variables and account numbers",
    sid: "BOSH session ids",
    host: "host names and addresses",
  } as Readonly<Record<string, string>>,
  secrets: "passwords, tokens, cookies",
  places: (distinct: string, places: string) => `${distinct} (${places} places)`,
  dropped: (count: string) =>
    `${count} bodies are left out: they are no text, and mention somebody.`,
  hosts: (hosts: string, addresses: string) =>
    `host names (${hosts}) and network addresses (${addresses})`,
  free: (count: string) =>
    `what people wrote in comments and client logs (${count}), beyond what is known from elsewhere`,
  always: "names of teams, queues and reason codes, times, sizes, user agents, rids",
  save: (count: string) => `Save ${count} exchanges`,
};
