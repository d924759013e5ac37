/** Which names of headers, parameters, elements and keys hold a secret in Finesse, its single sign-on and its gadgets. */

/** Written without case, `-`, `_`, `.` and blanks. */
const exact = new Set(
  [
    "auth authorization proxyauthorization xauthorization bearer jwt cookie setcookie",
    "cookie2 pass pwd passwd passphrase passcode otp apikey xapikey accesskey privatekey",
    "sessionid jsessionid phpsessid samlresponse samlassertion assertion clientassertion",
    "credential credentials codeverifier sessionkey authkey",
  ].flatMap((line) => line.split(" ")),
);
const parts = ["password", "passwd", "passphrase", "secret", "token", "apikey", "credential"];
/** What a name that holds one of the parts is about when it ends like this: the secret's kind or life, not its value. */
const harmlessEnd =
  /(?:type|types|expiry|expires|expiresin|expirein|expiration|expirationtime|lifetime|ttl|count|length|url|uri|endpoint|status|policy|name|enabled|required|error|errordescription|algorithm|timeout|interval)$/;
/** Short names that mean a secret only where a browser or gadget sends parameters: `code` is also a reason code's number. */
const parametersOnly = new Set(["st", "code", "pw", "key", "ticket", "sig", "signature"]);

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

function judge(name: string): boolean {
  // `user[password]`, `form:j_password` and `ns:token` count by their last part.
  const last = name.replace(/\]$/, "").replace(/^.*[[:]/s, "");
  const word = plain(last);
  if (exact.has(word)) return true;
  return parts.some((part) => word.includes(part)) && !harmlessEnd.test(word);
}

/** Cookies kept readable: they join a capture to an agent and give no access (as personal data they are replaced in exports). */
const harmlessCookies = new Set(
  "finesse_ag_extension cc_username locale lang language timezone tz".split(" "),
);

export function isHarmlessCookie(name: string): boolean {
  return harmlessCookies.has(name.toLowerCase());
}
