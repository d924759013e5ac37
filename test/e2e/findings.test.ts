/** Findings and faults on the page, in a real browser, against made-up ones. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { sampleFindings } from "../support/page-findings.ts";
import { captureId } from "../support/page-rows.ts";
import { withPage } from "../support/with-page.ts";

const busy = { busy: true };
const screens = ["live", "findings", "faults", "connections", "setup"] as const;

async function openScreen(page: Page, name: (typeof screens)[number]): Promise<void> {
  await page.getByTestId(`screen-${name}`).click();
  await page.locator(`[data-testid=screen-${name}][aria-current=page]`).waitFor();
}

describe("findings", () => {
  test("evidence opens its exchange in the list, and the way back leads to the finding", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("findings-badge").filter({ hasText: "3" }).waitFor();
      await openScreen(page, "findings");
      await page.getByTestId(`finding-${captureId}-f2`).click();
      await page.getByTestId(`evidence-${captureId}-16`).click();
      await page.locator(`[data-testid=row-${captureId}-16].active`).waitFor();
      await page.getByTestId("tab-panel").getByTestId("evidence-of").waitFor();
      await page.getByTestId("go-back").click();
      await page
        .getByTestId("finding")
        .filter({ hasText: "closes connections to port 7443" })
        .waitFor();
      expect(await page.getByTestId("origin").count()).toBe(0);
    }, busy);
  });

  test("evidence is found also when the list's filter hides it", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("filter").fill("is:pending");
      await page.getByTestId("row-count").filter({ hasText: "5 rows" }).waitFor();
      await openScreen(page, "findings");
      await page.getByTestId(`evidence-${captureId}-5`).click();
      await page.locator(`[data-testid=row-${captureId}-5].active`).waitFor();
    }, busy);
  });

  test("the keyboard alone walks the findings, reaches evidence and comes back", async () => {
    await withPage(async ({ page }) => {
      await openScreen(page, "findings");
      await page.locator("[data-testid=findings-list]:focus").waitFor();
      await page.keyboard.press("j");
      await page.locator(`[data-testid=finding-${captureId}-f2][aria-selected=true]`).waitFor();
      await page.keyboard.press("Enter");
      await page.locator(`[data-testid=evidence-${captureId}-14]:focus`).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("k");
      await page.locator(`[data-testid=finding-${captureId}-f1][aria-selected=true]`).waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.locator(`[data-testid=row-${captureId}-5].active`).waitFor();
    }, busy);
  });

  test("a new finding is told, counts down, and is revised in place", async () => {
    await withPage(async ({ page, fixture }) => {
      const [finding] = sampleFindings(Date.now(), "en");
      if (finding === undefined) throw new Error("no sample");
      fixture.tell(finding);
      await page.getByTestId("toast").filter({ hasText: "Client" }).waitFor();
      await page.getByTestId("toast-action").click();
      const clock = page.getByTestId("countdown");
      await clock.filter({ hasText: "until forced logout" }).waitFor();
      const before = await clock.innerText();
      await expect.poll(() => clock.innerText()).not.toBe(before);
      fixture.tell({ ...finding, side: "network", title: "It was the network after all." });
      await page
        .getByTestId("finding")
        .filter({ hasText: "It was the network after all." })
        .waitFor();
      expect(await page.locator(".finding-item").count()).toBe(1);
    });
  });

  test("the text for a ticket is copied, and sentences follow the language", async () => {
    await withPage(
      async ({ page }) => {
        await openScreen(page, "findings");
        await page.getByTestId("copy-ticket").click();
        await page.getByTestId("copy-ticket").filter({ hasText: "Copied" }).waitFor();
        const text = await page.evaluate(() => navigator.clipboard.readText());
        expect(text).toContain("its tab was frozen");
        expect(text).toContain(`${captureId}-5`);
        await page.getByTestId("language-es").click();
        await page.getByTestId("finding").filter({ hasText: "estuvo congelada" }).waitFor();
        expect(await page.getByTestId("report").getAttribute("href")).toBe("report.html?lang=es");
      },
      busy,
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
  });

  test("the browser tells of a finding only when asked to, and while nobody looks", async () => {
    await withPage(async ({ page, fixture }) => {
      await page.evaluate(() => {
        const told: string[] = [];
        class Told {
          static permission = "granted";
          static requestPermission = (): Promise<string> => Promise.resolve("granted");
          onclick = null;
          constructor(_title: string, { body }: { body: string }) {
            told.push(body);
          }
        }
        Object.assign(window, { Notification: Told, told });
        document.hasFocus = () => false;
      });
      const told = (): Promise<string[]> =>
        page.evaluate(() => (window as Window & { told?: string[] }).told ?? []);
      const [finding] = sampleFindings(Date.now(), "en");
      if (finding === undefined) throw new Error("no sample");
      fixture.tell(finding);
      await page.getByTestId("toast").waitFor();
      expect(await told()).toEqual([]);
      await openScreen(page, "findings");
      await page.getByTestId("notify").click();
      await page.locator("[data-testid=notify][aria-pressed=true]").waitFor();
      fixture.tell({ ...finding, id: `${captureId}-f9`, title: "Another one." });
      await expect.poll(told).toEqual(["Another one."]);
    });
  });
});

describe("faults", () => {
  test("an armed rule stands over every screen, and the panic key disarms it from anywhere", async () => {
    await withPage(async ({ page }) => {
      await openScreen(page, "faults");
      await page.getByTestId("new-rule").click();
      await page.getByTestId("match-agent").fill("1001003");
      await page.getByTestId("save-and-arm").click();
      await page.getByTestId("fault-banner").filter({ hasText: "drop: poll of 1001003" }).waitFor();
      for (const name of screens) {
        await openScreen(page, name);
        await page.getByTestId("fault-banner").filter({ hasText: "drop: poll" }).waitFor();
      }
      await openScreen(page, "live");
      await page.getByTestId("list").focus();
      await page.keyboard.press("Control+Shift+X");
      await page.getByTestId("fault-banner").waitFor({ state: "detached" });
      // The list's own Ctrl+X must not have run.
      expect(await page.getByTestId("row-count").innerText()).toBe("27 rows");
      await openScreen(page, "faults");
      await page.locator("[data-testid=arm-r1][aria-checked=false]").waitFor();
      await page.getByTestId("arm-r1").click();
      await page.getByTestId("fault-banner").waitFor();
      await page.getByTestId("new-rule").click();
      await page.keyboard.press("Control+Shift+X");
      await page.getByTestId("fault-banner").waitFor({ state: "detached" });
    });
  });

  test("what the server objects to stands beside its field, and the dialog stays", async () => {
    await withPage(async ({ page }) => {
      await openScreen(page, "faults");
      await page.getByTestId("new-rule").click();
      await page.getByTestId("match-port").fill("many");
      await page.getByTestId("save-rule").click();
      await page.getByTestId("objections").filter({ hasText: "match.port" }).waitFor();
      expect(await page.getByTestId("match-port").getAttribute("aria-invalid")).toBe("true");
      expect(await page.getByTestId("match-port").inputValue()).toBe("many");
      await page.getByTestId("match-port").fill("7443");
      await page.getByTestId("save-rule").click();
      await page.getByTestId("rule-r1").waitFor();
    });
  });

  test("a deleted rule comes back by undo, and an exported file can be imported", async () => {
    await withPage(async ({ page }) => {
      await openScreen(page, "faults");
      const download = page.waitForEvent("download");
      await page.getByTestId("export-rules").click();
      const file = await (await download).path();
      await page.getByTestId("delete-r2").click();
      await page.getByTestId("rule-r2").waitFor({ state: "detached" });
      await page.getByTestId("toast-action").click();
      await page.locator(".rule").nth(1).waitFor();
      await page.getByTestId("delete-r1").click();
      await page.getByTestId("rule-r1").waitFor({ state: "detached" });
      await page.getByTestId("import-rules").setInputFiles(file);
      await page.getByTestId("rule-r1").waitFor();
    }, busy);
  });

  test("a held message is edited and let go; what is typed survives news", async () => {
    await withPage(async ({ page, fixture }) => {
      fixture.faults.hold({
        id: "h1",
        exchange: `${captureId}-24`,
        leg: "response",
        head: "HTTP/1.1 200 OK\r\n\r\n",
        body: "<state>READY</state>",
      });
      fixture.sayFaults();
      await page.getByTestId("fault-banner").filter({ hasText: "1 message waits" }).waitFor();
      await openScreen(page, "faults");
      await page.getByTestId("held-body").fill("<state>NOT_READY</state>");
      fixture.sayFaults();
      await page.getByTestId("release-h1").filter({ hasText: "as edited" }).click();
      await page.getByTestId("held-h1").waitFor({ state: "detached" });
      expect(fixture.faults.released).toEqual([
        { id: "h1", command: { action: "release", body: "<state>NOT_READY</state>" } },
      ]);
    }, busy);
  });

  test("two clicks break one agent's connection, and the run log fills", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("break-1001003").click();
      await page.getByTestId("run-poll-lost").click();
      await page.getByTestId("fault-banner").filter({ hasText: "1001003" }).waitFor();
      await openScreen(page, "faults");
      await page.getByTestId("run-log-run1").filter({ hasText: "1001003" }).waitFor();
    });
  });

  test("a touched exchange names its rule, and replaying a poll says why not and how to force it", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId(`row-${captureId}-17`).click();
      await page.getByTestId("list").focus();
      await page.keyboard.press("r");
      await page.getByTestId("send-replay").click();
      await page.getByTestId("replay-refused").filter({ hasText: "rid has been used" }).waitFor();
      await page.getByTestId("force-replay").click();
      await page.getByTestId("toast-action").click();
      await page.locator(`[data-testid=row-${captureId}-28].active`).waitFor();
      await page.getByTestId(`row-${captureId}-21`).click();
      await page.getByTestId("touched-by").waitFor();
    }, busy);
  });
});

describe("comparing and logs", () => {
  test("two selected rows are compared, and a side can be replaced by its id", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId(`row-${captureId}-11`).click();
      await page.getByTestId(`row-${captureId}-14`).click({ modifiers: ["Control"] });
      await page.getByTestId("list").focus();
      await page.keyboard.press("c");
      const compared = page.getByTestId("compare");
      await compared.getByText("body/message/@to", { exact: true }).waitFor();
      await page.getByTestId("compare-right").fill(`${captureId}-11`);
      await page.getByTestId("compare-right").press("Enter");
      await compared.getByText("body/message/@to", { exact: true }).waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await compared.waitFor({ state: "detached" });
    });
  });

  test("two agents are compared by the rhythm of their polls", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("compare-agents-open").click();
      const compared = page.getByTestId("compare-agents");
      await compared.getByText("Think gap, longest").waitFor();
      expect(await page.getByTestId("agent-Left").inputValue()).toBe("1001003");
      expect(await page.getByTestId("agent-Right").inputValue()).toBe("47483648");
    });
  });

  test("a dropped log is read, listed, and its lines stand by the finding", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("screen-findings").click();
      await page.getByTestId("finding").waitFor();
      const files = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        const line = "Closing idle session (id=f382a015) of 47483648\n";
        transfer.items.add(new File([line], "openfire.log"));
        transfer.items.add(new File(["?"], "photo.png"));
        return transfer;
      });
      await page.dispatchEvent("body", "dragenter", { dataTransfer: files });
      await page.getByTestId("drop-here").waitFor();
      await page.dispatchEvent("body", "drop", { dataTransfer: files });
      await page.getByTestId("log-files").filter({ hasText: "openfire.log" }).waitFor();
      await page.getByText("photo.png: not a log").waitFor();
      await page.keyboard.press("Escape");
      await page.getByTestId("log-lines").filter({ hasText: "Closing idle session" }).waitFor();
    }, busy);
  });
});
