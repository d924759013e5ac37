/** What a command is called, takes and does. Its flags are read by this; help, completion and the man page are written from it. */

export interface Option {
  readonly flag: `--${string}`;
  /** One letter that means the same, such as `-o`. */
  readonly short?: `-${string}`;
  /** What stands for its value in a text; left out = a switch. */
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly about: string;
}

export interface Command {
  readonly name: string;
  /** What follows the name in the usage line, such as `FILE…`, or "". */
  readonly words: string;
  /** The first word is one of these. */
  readonly actions?: readonly string[];
  /** One sentence. */
  readonly about: string;
  /** Paragraphs. */
  readonly more?: readonly string[];
  readonly options: readonly Option[];
  /** Settings of `start` that it takes, too. */
  readonly settings: "all" | readonly `--${string}`[];
  /** Of those settings, by flag: a default that is not start's. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Whole lines, as they are typed. */
  readonly examples: readonly string[];
}

/** Options that more than one command has. */
export const jsonOption = {
  flag: "--json",
  about: "JSON, as it is printed anyway where nobody reads (output that is no terminal).",
} as const satisfies Option;

export const textOption = {
  flag: "--text",
  about: "Sentences, also where the output is no terminal.",
} as const satisfies Option;

export const passwordOption = {
  flag: "--password",
  value: "P",
  about:
    "Password of a SAZ file (read: ZipCrypto and AES; written: AES-256). Better in the variable BOSHSCOPE_FILE_PASSWORD.",
} as const satisfies Option;

export const keylogOption = {
  flag: "--keylog",
  value: "FILE",
  about: "TLS keys of a packet capture; left out = those that the variable SSLKEYLOGFILE names.",
} as const satisfies Option;

export const languageOption = {
  flag: "--lang",
  value: "LANGUAGE",
  choices: ["en", "es"],
  about: "Language of the sentences: en or es.",
} as const satisfies Option;
