import { expect, test } from "vitest";
import { exportText } from "../../../../web/model/fault-rule-text.ts";
import { PageFaults } from "../../../support/page-faults.ts";

test("an exported file holds the rules alone: nothing of how they stand", () => {
  const desk = new PageFaults();
  desk.fill(0);
  const { rules } = desk.state("en");
  const read: unknown = JSON.parse(exportText(rules));
  expect(read).toEqual(
    rules.map(({ id, name, match, actions, times, expiresAfterMs, alsoWaiting }) => ({
      id,
      name,
      match,
      actions,
      times,
      expiresAfterMs,
      alsoWaiting,
    })),
  );
});
