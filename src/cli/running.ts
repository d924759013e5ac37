/** The running Boshscope that a command asks for something: by its data folder, or by address and token. */
import { BoshscopeError, fail } from "../base/errors.ts";
import { type BoshscopeClient, connectBoshscope } from "../client/connect-boshscope.ts";
import { nearest, readConfig } from "../config.ts";
import { findRunning } from "../data-folder.ts";
import { languageOption, type Option } from "./command.ts";
import { choiceOf, type ReadFlags } from "./flags.ts";

/** What every command of this kind takes besides its own. */
export const runningOptions = [
  languageOption,
  {
    flag: "--url",
    value: "URL",
    about: "Address of the running one's page, in place of the data folder's.",
  },
  { flag: "--token", value: "TOKEN", about: "Its token, unless the address has it." },
] as const satisfies readonly Option[];

type RunningFlags = ReadFlags<(typeof runningOptions)[number]["flag"]>;

/** Throws "not-running", or "config-invalid" for an address without token and for a language other than en and es. */
export function connectRunning(flags: RunningFlags, env: NodeJS.ProcessEnv): BoshscopeClient {
  const lang = choiceOf(flags.value("--lang"), ["en", "es"]) ?? "en";
  return connectBoshscope(addressOf(flags, env), { lang });
}

function addressOf(
  flags: RunningFlags,
  env: NodeJS.ProcessEnv,
): { readonly url: string; readonly token: string } {
  const url = flags.value("--url");
  const given = flags.value("--token");
  if (url === null) {
    const { dataDir } = readConfig(flags.rest, env).settings;
    const running = findRunning(dataDir);
    if (running === null) throw fail("not-running", { path: dataDir });
    return { url: running.url, token: given ?? running.token };
  }
  const token = given ?? env["BOSHSCOPE_TOKEN"] ?? tokenIn(url);
  if (token !== null) return { url, token };
  throw fail("config-invalid", {
    problem: "--url needs a token.",
    remedy:
      "Give --token T, or the variable BOSHSCOPE_TOKEN, or the whole address as printed at start.",
  });
}

/** The address as it is printed at start brings its own. */
const tokenIn = (url: string): string | null =>
  URL.canParse(url) ? new URL(url).searchParams.get("token") : null;

/** An unknown word, with the ones that are known. */
export function unknownWord(
  what: string,
  word: string,
  known: readonly string[],
  list: string,
): BoshscopeError {
  const near = nearest(word, known);
  const hint = near === "" ? "" : `Did you mean ${near}? `;
  return new BoshscopeError(
    "not-found",
    `There is no ${what} ${word}.`,
    `${hint}${list} lists all.`,
  );
}
