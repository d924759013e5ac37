/** Reads `<ApiErrors>`: why Finesse refused a request, in its answer or in a later notification. */
import type { Unparseable, XmlElement } from "../xml/tree.ts";
import { childrenOf, fieldOf, readRoot } from "./fields.ts";

export interface ApiError {
  /** Such as "Service Unavailable". */
  readonly type: string | null;
  /** Such as "SERVER_OUT_OF_SERVICE". */
  readonly message: string | null;
  readonly data: string | null;
}

export interface ApiErrors {
  readonly kind: "api-errors";
  readonly errors: readonly ApiError[];
}

export function readApiErrors(text: string): ApiErrors | Unparseable {
  const root = readRoot(text, "apierrors");
  return root.kind === "unparseable" ? root : apiErrorsIn(root);
}

/** From an `<ApiErrors>` element. */
export function apiErrorsIn(element: XmlElement): ApiErrors {
  const errors = childrenOf(element, "apierror").map((error) => ({
    type: fieldOf(error, "errortype"),
    message: fieldOf(error, "errormessage"),
    data: fieldOf(error, "errordata"),
  }));
  return { kind: "api-errors", errors };
}

/** The first error in a word or two. */
export function apiErrorLabel({ errors }: ApiErrors): string {
  const [first] = errors;
  return `error ${first?.message ?? first?.type ?? ""}`.trim();
}
