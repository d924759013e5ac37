/** Pages: fields, pages that were cut, and what is no page at all. */
import { expect, test } from "vitest";
import { cpuTime } from "../../support/cpu-time.ts";
import { markerFor, readBody } from "./read.ts";

const secret = "PHNhbWxwOlJlc3BvbnNl";
const marker = markerFor(secret);

test.each([
  '<html><input type="hidden" name="SAMLResponse" value="*',
  "<html><input type='hidden' name='SAMLResponse' value='*",
  '<html><form><textarea name="SAMLResponse">*</textarea><textarea>note</textarea></form>',
  '<html><TEXTAREA rows=5 name="SAMLResponse" >*</TextArea>',
  '<html><textarea name="SAMLResponse">*',
  '<html><input name="userPwd" value="*"/><input name="user" value="bob">',
])("%s", (page) => {
  expect(readBody(page.replace("*", secret), "text/html")).toBe(page.replace("*", marker));
});

test.each([
  '<html><textarea name="note">*</textarea>',
  '<html><input name="user" value="*',
  '<html><input name="token" type="submit" value="*">',
])("%s stays", (page) => {
  const text = page.replace("*", secret);
  expect(readBody(text, "text/html")).toBe(text);
});

test.each([
  "<textarea name=note>",
  "<textarea name=token>",
  '<textarea name="',
  "</textarea",
  "<textarea ",
])("a megabyte of %j takes bounded time", (piece) => {
  const text = `<html>${piece.repeat(Math.ceil((1024 * 1024) / piece.length))}`;
  expect(cpuTime(() => readBody(text, "text/html"))).toBeLessThan(4000);
});
