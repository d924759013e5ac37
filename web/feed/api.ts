/** Calls to the server's API. Every failure comes back as an ApiFailure with what happened and what to do. */
import type { ApiError } from "../../src/server/messages.ts";

/** `code` is the server's own, or "unreachable" when no answer came, or "http" for an answer without our error shape. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** Relative to the page, so that it works behind any path. */
export function apiPath(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `api/${path}${text === "" ? "" : `?${text}`}`;
}

/** GET, as the type the contract promises; the shape is not checked again here. */
export async function getJson<Answer>(path: string, query?: Query): Promise<Answer> {
  const response = await call("GET", apiPath(path, query));
  return (await response.json()) as Answer;
}

/** GET of a body as it was kept. */
export async function getBytes(path: string): Promise<Uint8Array> {
  const response = await call("GET", apiPath(path));
  return new Uint8Array(await response.arrayBuffer());
}

/** GET of a file that a password is to protect; that goes in a header, as addresses end up in histories. */
export async function getProtected(path: string, query: Query, password: string): Promise<Blob> {
  const response = await fetched(apiPath(path, query), {
    headers: { "x-file-password": password },
  });
  return response.blob();
}

/** POST whose answer matters. */
export async function postJson<Answer>(path: string, body: unknown): Promise<Answer> {
  const response = await call("POST", apiPath(path), body);
  return (await response.json()) as Answer;
}

/** POST of a file as it is; its name goes in the query. */
export async function postFile<Answer>(path: string, file: Blob, query: Query): Promise<Answer> {
  const response = await fetched(apiPath(path, query), {
    method: "POST",
    body: file,
    headers: { "content-type": "application/octet-stream" },
  });
  return (await response.json()) as Answer;
}

/** Everything that changes something. */
export async function send(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  query?: Query,
): Promise<void> {
  await call(method, apiPath(path, query), body);
}

function call(method: string, url: string, body?: unknown): Promise<Response> {
  return fetched(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
}

async function fetched(url: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...request, credentials: "same-origin" });
  } catch (thrown) {
    throw new ApiFailure("unreachable", String(thrown), "", thrown);
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const text = await response.text();
  const error = readError(text);
  if (error === null) return new ApiFailure("http", `HTTP ${response.status}`, "");
  return new ApiFailure(error.code, error.message, error.remedy);
}

/** The server's error in an answer's text, or null when it is none. */
export function readError(text: string): ApiError["error"] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("error" in value)) return null;
    const { error } = value as ApiError;
    return typeof error?.code === "string" ? error : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
