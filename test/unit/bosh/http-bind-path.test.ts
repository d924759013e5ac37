import { expect, test } from "vitest";
import { isHttpBindPath } from "../../../src/bosh/http-bind-path.ts";

test.each(["/http-bind", "/http-bind/", "/http-bind?x", "/http-bind/?x=1"])(
  "%s is BOSH",
  (path) => {
    expect(isHttpBindPath(path)).toBe(true);
  },
);

test.each(["", "/", "/http-binder", "/http-bind/x", "/x/http-bind", "http-bind"])(
  "%s is not BOSH",
  (path) => {
    expect(isHttpBindPath(path)).toBe(false);
  },
);
