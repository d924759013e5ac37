/** Knows the path of BOSH. */

/** True for `/http-bind` and `/http-bind/`, with or without a query. */
export function isHttpBindPath(path: string): boolean {
  if (!path.startsWith("/http-bind")) return false;
  const next = path[10] === "/" ? path[11] : path[10];
  return next === undefined || next === "?" || next === "#";
}
