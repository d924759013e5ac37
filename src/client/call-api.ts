/** One request to the API of a running Boshscope, answered by what it sent or by an error that says what to do. */
import { BoshscopeError, codeOf, type ErrorCode, fail, reasonOf } from "../base/errors.ts";
import type { ApiError } from "../server/messages.ts";
import type { Place } from "./address.ts";

interface Call {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** Rejects with "not-reached" when nothing answers, and with the code of the API when it refuses. */
export type Caller = <T>(path: string, call?: Call) => Promise<T>;

export function createCaller({ url, token }: Place): Caller {
  return async <T>(path: string, { method = "GET", query = {}, body }: Call = {}): Promise<T> => {
    const target = new URL(`/api${path}`, url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) target.searchParams.set(name, `${value}`);
    const response = await answerOf(target, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text, target.origin);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
}

async function answerOf(target: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(target, request);
  } catch (error) {
    // fetch says "fetch failed"; the reason is underneath.
    const cause = error instanceof Error ? error.cause : undefined;
    const why = codeOf(cause) || reasonOf(cause ?? error);
    throw fail("not-reached", { url: target.origin, why }, error);
  }
}

function refusal(status: number, text: string, url: string): BoshscopeError {
  if (status === 401) return fail("token-refused", { url });
  const error = errorIn(text);
  if (error === null)
    return fail("not-reached", { url, why: `what answers there says ${status}, not as Boshscope` });
  return new BoshscopeError(error.code as ErrorCode, error.message, error.remedy);
}

function errorIn(text: string): ApiError["error"] | null {
  if (!text.startsWith('{"error"')) return null;
  return (JSON.parse(text) as ApiError).error;
}
