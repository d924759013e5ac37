/** The page alone, in a real browser, against made-up traffic: what only a browser can show to be right. */
import { describe, expect, test } from "vitest";
import { sampleTimeline } from "../support/page-timeline.ts";
import { withPage } from "../support/with-page.ts";

const heldPoll = {
  role: "poll",
  method: "POST",
  path: "/http-bind/",
  port: 7443,
  waitMs: 30_000,
  outcome: { kind: "pending" },
  timing: { responseFirst: null, responseEnd: null, delivered: null },
} as const;

describe("the live list", () => {
  test("a held poll is calm up to its wait, amber 2 s later, red 5 s later, and its clock runs", async () => {
    await withPage(
      async ({ page, fixture }) => {
        const calm = page.getByTestId(`row-${fixture.push(heldPoll, 29_000).id}`);
        const turning = page.getByTestId(`row-${fixture.push(heldPoll, 31_000).id}`);
        const red = page.getByTestId(`row-${fixture.push(heldPoll, 35_100).id}`);
        await red.and(page.locator("[data-level=red]")).waitFor();
        expect(await calm.getAttribute("data-level")).toBe("calm");
        expect(await red.innerText()).toContain("lost?");
        expect(await red.getByTestId("result").getAttribute("data-value")).toBe("-");
        expect(await red.getByTestId("body").innerText()).toBe("-1");
        const before = await calm.getByTestId("hold").innerText();
        await turning.and(page.locator("[data-level=amber]")).waitFor();
        expect(await turning.innerText()).toContain("overdue");
        expect(await calm.getByTestId("hold").innerText()).not.toBe(before);
      },
      { empty: true },
    );
  });

  test("of many rows only those on screen exist, and the keyboard reaches both ends", async () => {
    await withPage(
      async ({ page }) => {
        await page.getByTestId("row-count").filter({ hasText: "20,027 rows" }).waitFor();
        const list = page.getByTestId("list");
        expect(await list.getAttribute("aria-rowcount")).toBe("20028");
        expect(await page.locator(".row").count()).toBeLessThan(80);
        await list.focus();
        await page.keyboard.press("Home");
        await page.locator(".row.active[aria-rowindex='2']").waitFor();
        await page.keyboard.press("Shift+PageDown");
        await page.getByText("21 selected").waitFor();
        await page.keyboard.press("End");
        await page.locator(".row.active[aria-rowindex='20028']").waitFor();
        expect(await list.getAttribute("aria-activedescendant")).toBe(
          await page.locator(".row.active").getAttribute("id"),
        );
      },
      { bulk: 20_000 },
    );
  });

  test("rows that come while the list is scrolled back leave it where it is", async () => {
    await withPage(
      async ({ page, fixture }) => {
        const list = page.getByTestId("list");
        await page.getByTestId("row-count").filter({ hasText: "5,027 rows" }).waitFor();
        await list.focus();
        await page.keyboard.press("Home");
        await page.keyboard.press("PageDown");
        const seen = await page.locator(".row.active").boundingBox();
        const last = fixture.push(heldPoll);
        await page.getByTestId("row-count").filter({ hasText: "5,028 rows" }).waitFor();
        expect(await page.locator(".row.active").boundingBox()).toEqual(seen);
        await page.getByTestId("follow").click();
        await page.getByTestId(`row-${last.id}`).waitFor();
        const next = fixture.push(heldPoll);
        await page.getByTestId(`row-${next.id}`).waitFor();
      },
      { bulk: 5000 },
    );
  });

  test("what strangers sent stays text", async () => {
    await withPage(
      async ({ page, fixture, problems }) => {
        const row = fixture.push({
          path: "/<img src=x onerror=alert(1)>",
          event: "<b>bold</b>",
          contentType: "text/xml",
          responseBody: "<a><script>alert(2)</script><b>&lt;img src=x onerror=alert(3)></b></a>",
        });
        let dialogs = 0;
        page.on("dialog", (dialog) => {
          dialogs += 1;
          void dialog.dismiss();
        });
        await page.getByTestId(`row-${row.id}`).click();
        for (const tab of ["summary", "headers", "raw", "hex", "xml"]) {
          await page.getByTestId(`tab-${tab}`).click();
          await page.getByTestId("tab-panel").getByText(/\S/).first().waitFor();
        }
        await page.getByTestId("tab-panel").getByText("alert(2)").waitFor();
        expect(await page.locator("img, #tab-panel script, .row b").count()).toBe(0);
        expect(dialogs).toBe(0);
        expect(problems).toEqual([]);
      },
      { empty: true },
    );
  });

  test("an unreadable filter says so and leaves the list as it was", async () => {
    await withPage(async ({ page }) => {
      await page.keyboard.press("Control+f");
      await page.keyboard.type("is:!x");
      await page.getByTestId("filter-error").waitFor();
      await page.getByTestId("row-count").filter({ hasText: "27 rows" }).waitFor();
      await page.getByTestId("filter").fill("is:pending");
      await page.getByTestId("row-count").filter({ hasText: "5 rows" }).waitFor();
      expect(await page.getByTestId("filter-error").count()).toBe(0);
    });
  });

  test("clearing can be undone", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("clear").click();
      await page.getByTestId("row-count").filter({ hasText: "0 rows" }).waitFor();
      await page.getByTestId("toast-action").click();
      await page.getByTestId("row-count").filter({ hasText: "27 rows" }).waitFor();
    });
  });

  test("a comment and a mark are set by keys alone", async () => {
    await withPage(async ({ page }) => {
      await page.getByTestId("list").focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("F2");
      await page.getByTestId("comment-input").waitFor();
      await page.keyboard.type("look here");
      await page.keyboard.press("Enter");
      await page.keyboard.press("2");
      await page.locator(".row.active.mark-blue").filter({ hasText: "look here" }).waitFor();
    });
  });
});

describe("the page as a whole", () => {
  test("a lost feed is said, and resumed without losing a row", async () => {
    await withPage(async ({ page, fixture }) => {
      fixture.refuseFeeds(true);
      await page.getByTestId("feed-lost").waitFor();
      const row = fixture.push(heldPoll);
      fixture.refuseFeeds(false);
      await page.getByTestId(`row-${row.id}`).waitFor();
      expect(await page.getByTestId("feed-lost").count()).toBe(0);
      expect(await page.getByTestId("row-count").innerText()).toBe("28 rows");
    });
  });

  test("an agent who signs in later is counted", async () => {
    await withPage(async ({ page, fixture }) => {
      const count = page.getByTestId("agent-count");
      await count.filter({ hasText: /^2$/ }).waitFor();
      for (const message of sampleTimeline(Date.now())) {
        if (message.kind !== "timeline") continue;
        const agents = message.agents.map((agent) => ({ ...agent, agent: `9${agent.agent}` }));
        fixture.say({ ...message, sessions: [], agents });
      }
      await count.filter({ hasText: /^4$/ }).waitFor();
    });
  });

  test("all screens and tabs work in both languages and both themes, with nothing refused by the policy", async () => {
    await withPage(
      async ({ page, problems }) => {
        for (const [language, theme] of [
          ["es", "dark"],
          ["en", "light"],
        ] as const) {
          await page.getByTestId(`language-${language}`).click();
          await page.getByTestId(`theme-${theme}`).click();
          await page.locator(`html[lang=${language}][data-theme=${theme}]`).waitFor();
          for (const row of ["c7f3a1-14", "c7f3a1-16", "c7f3a1-10", "c7f3a1-17"]) {
            await page.getByTestId(`row-${row}`).click();
            await page.getByTestId("tab-summary").click();
            await page.getByTestId("outcome").waitFor();
            for (const tab of await page.getByRole("tab").all()) await tab.click();
          }
          await page.getByTestId("screen-findings").click();
          await page.getByTestId("finding").waitFor();
          await page.getByTestId("screen-faults").click();
          await page.getByTestId("scenario-poll-lost").waitFor();
          await page.getByTestId("screen-setup").click();
          await page.locator("[data-testid=step-2][data-state=problem]").waitFor();
          await page.getByTestId("screen-connections").click();
          await page.getByTestId("connections").locator("tbody tr").first().click();
          await page.getByTestId("screen-xmpp").click();
          await page.getByTestId("xmpp-password").waitFor();
          await page.getByTestId("screen-live").click();
          await page.getByTestId("list").waitFor();
        }
        expect(problems).toEqual([]);
      },
      { busy: true },
    );
  });

  test("what is typed into a capture's name survives the status that comes meanwhile", async () => {
    await withPage(async ({ page, fixture }) => {
      await page.getByTestId("new-capture").click();
      await page.keyboard.type("late ");
      fixture.sayStatus();
      await page.keyboard.type("shift");
      expect(await page.locator(".name-field input").inputValue()).toBe("late shift");
    });
  });
});
