/** Which names of headers, parameters, elements and keys hold a secret in Finesse, its single sign-on and its gadgets. */

/** A `-` stands where people write `-`, `_`, `.`, a blank or nothing. Case is ignored. */
const exact =
  "auth authorization proxy-authorization x-authorization bearer jwt cookie set-cookie cookie2 pass pwd pin otp passcode user-pass " +
  "private-key session-id jsessionid phpsessid saml-response saml-assertion assertion client-assertion code-verifier session-key auth-key";
/** Names that hold one of these. */
const parts =
  "password passwd passphrase secret token api-key access-key subscription-key credential";
/** What a name that holds one of the parts is about when it ends like this: the secret's kind or life, not its value. */
const harmlessEnd =
  /(?:type|types|expiry|expires|expiresin|expirein|expiration|expirationtime|lifetime|ttl|count|length|url|uri|endpoint|status|policy|name|enabled|required|error|errordescription|algorithm|timeout|interval)$/;
/** `txtPass`, `user_pass`, `newpwd`, but not `compass` and `bypass`. */
const passAtEnd = /pwd[0-9]?$|(?:^|[-_.\s])pass[0-9]?$/i;
const capitalPassAtEnd = /[a-z0-9]Pass[0-9]?$/;
const bypass = /by[-_.]?pass$/i;
/** Short names that mean a secret only where a browser or gadget sends parameters: `code` is also a reason code's number. */
const parametersOnly = new Set(["st", "code", "pw", "key", "ticket", "sig", "signature"]);

const written = (word: string): string => word.replaceAll("-", "[-_.]?");
/** Too common within other words to stop at each in a text: a name has to be just this, which structured text alone tells. */
const noCues = new Set(["pin", "bearer"]);
const stems = [...exact.split(" "), ...parts.split(" ")].filter((word) => !noCues.has(word));

/** Alternatives of an expression that matches within every secret name there is; without repetition. */
export const secretNameCues: string = stems
  .filter((word) => !stems.some((other) => other !== word && word.includes(other)))
  .map(written)
  .join("|");

const known = new Map<string, boolean>();
const maxKnown = 2000;
const maxName = 128;

/** True when a value under this name is to be replaced, in XML, JSON, cookies, headers, logs and parameters alike. */
export function isSecretName(name: string): boolean {
  if (name.length > maxName) return judge(name.slice(0, maxName));
  const before = known.get(name);
  if (before !== undefined) return before;
  const secret = judge(name);
  if (known.size >= maxKnown) known.clear();
  known.set(name, secret);
  return secret;
}

/** The same for parameters of URLs and forms, which have a few short names more. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || (name.length < 12 && parametersOnly.has(plain(name)));
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_.\s]/g, "");
const exactWords = new Set(exact.split(" ").map(plain));
const partWords = parts.split(" ").map(plain);

function judge(name: string): boolean {
  // `user[password]`, `form:j_password` and `ns:token` count by their last part.
  const last = name.replace(/\]$/, "").replace(/^.*[[:]/s, "");
  const word = plain(last);
  if (exactWords.has(word)) return true;
  if (passAtEnd.test(last) || capitalPassAtEnd.test(last)) return !bypass.test(last);
  return partWords.some((part) => word.includes(part)) && !harmlessEnd.test(word);
}

/** What an object under a secret's name tells beside the secret: `{"credentials": {"username": …, "pin": …}}`. */
const detail =
  /(?:name|user|id|login|loginid|email|extension|domain|realm|host|label|title|description|message|hint|help|placeholder|scope|issuer|audience|format|pattern|rule|mode|state|version|date|time|at|locale|language|team|role)$/;

/** True for a name whose value is no secret though it stands below a secret's name. */
export function isHarmlessDetail(name: string): boolean {
  const word = plain(name.slice(0, maxName));
  return harmlessEnd.test(word) || detail.test(word);
}

/** Cookies kept readable: they join a capture to an agent and give no access (as personal data they are replaced in exports). */
const harmlessCookies = new Set(
  "finesse_ag_extension cc_username locale lang language timezone tz".split(" "),
);

export function isHarmlessCookie(name: string): boolean {
  return harmlessCookies.has(name.toLowerCase());
}
