/** A fault rule without how it stands: as it is saved, exported and sent. */
import type { FaultRule } from "../../src/domain/fault-rule.ts";

export const ruleOf = ({
  id,
  name,
  match,
  actions,
  times,
  expiresAfterMs,
  alsoWaiting,
}: FaultRule): FaultRule => ({
  id,
  name,
  match,
  actions,
  times,
  expiresAfterMs,
  alsoWaiting,
});

/** The file's text: a list of rules, as the import reads it. */
export const exportText = (rules: readonly FaultRule[]): string =>
  `${JSON.stringify(rules.map(ruleOf), null, 2)}\n`;
