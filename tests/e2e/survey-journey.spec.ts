import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, hostToken } from "../setup/command-line";
import { fastSignIn } from "../setup/fast-sign-in";

let pat: Visitor;
let survey = "";
let title = "";

beforeAll(async () => {
  pat = await visitor("pat");
});

afterAll(closeBrowser);

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const closeIt = async (page: Page) => {
  await page.getByRole("button", { name: "Close survey" }).first().click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Close survey" }).click();
  await page.getByText(/survey is closed\. Its results are published\./).waitFor();
};

it("the platform admin enters a language and the question of this month, sees the months to come, and is told what is missing", async () => {
  const { page } = pat;
  const month = new Date().getUTCMonth() + 1;
  await page.goto("/admin/surveys/form");
  await page.locator(`#month-${month}`).selectOption({ label: "One of your own: rating" });
  await page.getByRole("button", { name: "Save version" }).click();
  await page.getByText("Write the question.").waitFor();
  await page.locator(`#month-${month}-wording`).fill("Our wiki is up to date.");
  await page.getByLabel("Translate into").selectOption("de");
  await page.locator("summary", { hasText: "How likely are you to recommend" }).click();
  await page.getByRole("textbox", { name: /^How likely are you to recommend/ }).fill("Wie wahrscheinlich empfiehlst du Waymark?");
  await page.locator("summary", { hasText: "Our wiki is up to date." }).click();
  await page.getByRole("textbox", { name: "Our wiki is up to date." }).last().fill("Unser Wiki ist aktuell.");
  const months = page.getByLabel("Month of the preview");
  expect(await months.locator("option").count()).toBe(12);
  const ofThisMonth = months.locator("option").filter({ hasText: new Date().toLocaleDateString("en-GB", { month: "long", timeZone: "UTC" }) });
  await months.selectOption((await ofThisMonth.first().getAttribute("value")) ?? "");
  await page.getByLabel("Language of the preview").selectOption("de");
  await page.getByRole("heading", { name: /Unser Wiki ist aktuell\./ }).waitFor();
  await screenshot(page, "survey-form-languages-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Save version" }).click();
  await page.getByText("Version 1 is saved. The next survey asks it.").waitFor();
});

it("the platform admin closes the one that is open without an answer, and opens another", async () => {
  const { page } = pat;
  await page.goto("/admin/surveys");
  await closeIt(page);
  await page.getByRole("button", { name: "Open survey now" }).click();
  await page.getByText(/survey is open\. \d+ people were invited\./).waitFor();
  const { body } = await api(await hostToken("pat", "read"), "GET", "/surveys/current");
  [survey, title] = [String(body.id), String(body.title)];
  expect(body).toMatchObject({ state: "open", answered: 0 });
  await page.getByText(`${title} is open; close it first.`).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
});

it("the platform admin raises the smallest group for the next survey, cannot lower it, and tells what was changed, with a link", async () => {
  const { page } = pat;
  await page.goto("/admin/surveys");
  const k = page.getByLabel("Answers that a group needs");
  const save = async (number: string) => {
    await k.fill(number);
    await page.getByRole("button", { name: "Save number" }).click();
  };
  await save("4");
  await page.getByText("At least 5: in a smaller group people could be recognised.").waitFor();
  await save("6");
  await page.getByRole("alertdialog").getByRole("button", { name: "Raise to 6" }).click();
  await page.getByText("The next survey shows groups of 6 or more.").waitFor();
  await save("5");
  await page.getByText("It is 6 and may only rise").waitFor();
  await page.getByLabel("What changed").fill("Rolling back is one click");
  await page.getByLabel("Linked to").selectOption("address");
  await page.getByLabel("Address").fill("javascript:alert(1)");
  await page.getByRole("button", { name: "Add change" }).click();
  await page.getByText("Give a web address such as https://wiki.example/page").waitFor();
  await page.getByLabel("Linked to").selectOption({
    label:
      (await page
        .getByLabel("Linked to")
        .locator("option", { hasText: /^Deployment: / })
        .first()
        .textContent()) ?? "",
  });
  await page.getByRole("button", { name: "Add change" }).click();
  await page.getByRole("button", { name: "Remove “Rolling back is one click”" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
});

it("who prefers German reads German where there is some, and switches without losing the draft", async () => {
  const { page, complaints } = await visitor("olga", { width: 390, height: 844 });
  await page.setExtraHTTPHeaders({ "accept-language": "de-AT,de;q=0.9,en;q=0.5" });
  await page.goto("/survey");
  await page.getByRole("heading", { name: /Wie wahrscheinlich empfiehlst du Waymark\?/ }).waitFor();
  await page.getByRole("heading", { name: /What is the main reason\?/ }).waitFor();
  await page.locator("label", { hasText: /^8$/ }).click();
  await page.getByText("Shown after the survey closes, for groups of 5 or more").waitFor();
  await screenshot(page, "survey-german-light-390");
  await page.getByRole("link", { name: "English" }).click();
  await page.getByRole("heading", { name: /How likely are you to recommend/ }).waitFor();
  await page.getByText("1 of 6 answered").waitFor();
  expect(await page.getByRole("radio", { name: "8", exact: true }).isChecked()).toBe(true);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("the platform admin adds a question for the next survey; the one that is open stays as it is", async () => {
  const { page } = pat;
  await page.goto("/admin/surveys/form");
  await page.getByRole("button", { name: "Add question" }).click();
  await page.getByRole("button", { name: "Move up: What slowed you down last month?" }).click();
  await page.getByRole("button", { name: "Edit: What slowed you down last month?" }).click();
  await page.getByLabel("Question", { exact: true }).fill(" ");
  await page.getByRole("button", { name: "Save version" }).click();
  await page.getByText("Write the question.").waitFor();
  await page.getByLabel("Question", { exact: true }).fill("What held you up last month?");
  await page.getByRole("heading", { name: /What held you up last month\?/ }).waitFor();
  await screenshot(page, "survey-form-edited-light-1440");
  await page.getByRole("button", { name: "Save version" }).click();
  await page.getByText("Version 2 is saved. The next survey asks it.").waitFor();
  await page.locator("summary", { hasText: "Version 2" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const { body } = await api(await hostToken("pat", "read"), "GET", "/surveys/current");
  expect((body.questions as { item: string }[]).map(({ item }) => item)).not.toContain("slowed-by");
  expect(((await api(await hostToken("pat", "read,admin"), "GET", "/surveys/form")).body as { version: number }).version).toBe(2);
});

it("ada puts it off and takes it back, and says of a run she started, by one tap, whether its outcome was clear", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto("/survey");
  await page.getByRole("button", { name: /^Remind me on/ }).click();
  await page
    .getByText(/You are reminded on/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByText("You get the usual reminders.").waitFor();
  await page.goto("/runs");
  await page.locator("tr[data-row] a").first().click();
  const question = page.getByRole("heading", { name: "Was this outcome clear?" });
  // The month's question opens within a minute of the start.
  for (let tries = 0; tries < 14 && (await question.count()) === 0; tries++) {
    await page.waitForTimeout(5_000);
    await page.reload();
    await page
      .getByText("Run log")
      .or(page.getByRole("heading", { name: "Steps" }))
      .first()
      .waitFor();
  }
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Partly", exact: true }).click();
  await page.getByText("Thank you.").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Steps" }).waitFor();
  expect(await question.count()).toBe(0);
  expect(complaints).toEqual([]);
});

it("ada answers by keyboard alone, from what needs her", async () => {
  const { page, complaints } = await visitor("ada");
  await page.getByRole("link", { name: "Answer" }).click();
  await heading(page, `${title} survey`).waitFor();
  await page.getByRole("button", { name: "Send answers" }).click();
  await page.getByText("Choose a number from 0 to 10.").waitFor();
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name)).toBe("score");
  // Nothing has the focus: the first digit finds the first question that is open.
  await page.reload();
  await page.getByText("0 of 6 answered").waitFor();
  await page.locator("form.survey[data-ready]").waitFor();
  await page.keyboard.press("1");
  await page.keyboard.press("0");
  await page.getByText("1 of 6 answered").waitFor();
  expect(await page.getByRole("radio", { name: "10", exact: true }).isChecked()).toBe(true);
  await page.keyboard.press("Tab");
  await page.keyboard.press("2");
  await page.keyboard.press("Tab");
  await page.keyboard.type("<b>Sandboxes</b> are up before my coffee is");
  await page.keyboard.press("Tab");
  for (const key of ["3", "2", "4", "3"]) {
    await page.keyboard.press(key);
    await page.keyboard.press("Tab");
  }
  await page.getByText("6 of 6 answered").waitFor();
  await page.reload();
  await page.getByText("6 of 6 answered").waitFor();
  await screenshot(page, "survey-answered-draft-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press("Tab");
  await page.getByPlaceholder("Optional, in your own words").focus();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "Your answers are in" }).waitFor();
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(await page.evaluate(() => Object.keys(localStorage).filter((key) => key === "theme").length));
  const changed = page.getByRole("listitem").filter({ hasText: "Rolling back is one click" });
  await changed.getByRole("link", { name: /in production/ }).waitFor();
  await screenshot(page, "survey-thanks-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("bo answers on a phone in one tab: a lost connection keeps the answers, and the other tab is told that they count once", async () => {
  const { page, context, complaints } = await visitor("bo", { width: 390, height: 844 });
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto("/survey");
    await tab.locator("label", { hasText: /^9$/ }).click();
  }
  await context.setOffline(true);
  await page.getByRole("button", { name: "Send answers" }).click();
  await page.getByText("Your answers did not arrive. They are still here").waitFor();
  expect(await page.getByRole("radio", { name: "9", exact: true }).isChecked()).toBe(true);
  await context.setOffline(false);
  expect(complaints.splice(0).every((one) => /ERR_INTERNET_DISCONNECTED/.test(one))).toBe(true);
  await page.getByRole("button", { name: "Send answers" }).click();
  await page.getByRole("heading", { name: "Your answers are in" }).waitFor();
  await other.getByRole("button", { name: "Send answers" }).click();
  await other.getByText(/You have answered the survey of .* already/).waitFor();
  expect(complaints).toEqual([]);
});

it("six more answer; bad answers, tokens and strangers change nothing", async () => {
  const scores = { olga: 9, max: 8, pat: 7, "bea.berg": 3, "chen.costa": 9, "dina.dahl": 2 };
  for (const [person, score] of Object.entries(scores)) {
    const ask = await fastSignIn(person);
    for (const answers of [{ score: 11 }, { score: "9" }, { score: 9, userId: "usr_demoada" }, { score: 9, comment: "x".repeat(300) }, {}]) {
      expect((await ask("POST", `/surveys/${survey}/responses`, { answers })).status).toBe(422);
    }
    expect((await ask("POST", `/surveys/${survey}/responses`, { answers: { score, hours: "1-2", outcome: "4" }, attempt: `attempt-of-${person}` })).status).toBe(201);
    expect((await ask("POST", `/surveys/${survey}/responses`, { answers: { score }, attempt: `attempt-of-${person}` })).body).toMatchObject({ repeated: true });
    expect((await ask("POST", `/surveys/${survey}/responses`, { answers: { score } })).status).toBe(409);
  }
  const token = await hostToken("emil.endo");
  expect((await api(token, "POST", `/surveys/${survey}/responses`, { answers: { score: 5 } })).status).toBe(403);
  expect((await api(token, "POST", `/surveys/${survey}/responses`, `{"answers":{"score":5,"comment":"${"x".repeat(2_000_000)}"}}`)).status).toBe(413);
  expect((await api(token, "POST", "/surveys/svy_missing/close", {})).status).toBe(403);
  expect((await api(token, "GET", `/surveys/${survey}/results`)).status).toBe(409);
  expect((await api(token, "GET", `/surveys/${survey}/responses`)).body).toMatchObject({ answered: 8 });
});

it("the admin closes it; the manager sees what is allowed, and why the rest is hidden", async () => {
  await pat.page.goto("/admin/surveys");
  await pat.page.getByText("8 of").first().waitFor();
  await closeIt(pat.page);
  expect((await api(await hostToken("pat", "read,admin"), "POST", `/surveys/${survey}/close`, {})).status).toBe(409);
  expect((await (await fastSignIn("emil.endo"))("POST", `/surveys/${survey}/responses`, { answers: { score: 5 } })).status).toBe(409);
  const { page, complaints } = await visitor("max");
  await page.goto(`/survey/results?survey=${survey}`);
  await heading(page, "Developer NPS").waitFor();
  await page.getByText(/8 answers/).waitFor();
  await page.getByText("Hidden to protect anonymity: fewer than 5 answers").first().waitFor();
  expect(await page.getByText("Foundations").count()).toBe(0);
  await screenshot(page, "survey-results-live-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.goto("/delivery?node=org");
  const tile = page.getByRole("region", { name: "Developer NPS" });
  await tile.getByText("+25", { exact: true }).waitFor();
  await tile.getByText(/8 answers/).waitFor();
  await tile.getByText("−29 to +66").waitFor();
  await page.goto("/survey/results?data=demo");
  await page.getByText("Hidden so that a smaller group cannot be worked out by subtraction").first().waitFor();
  await screenshot(page, "survey-results-demo-light-1440");
  await page.getByRole("link", { name: "As table" }).click();
  await page.getByRole("table", { name: "NPS by month" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("what somebody tells the platform team comes back with an answer", async () => {
  const { page, complaints } = await visitor("olga");
  await page.goto("/environments");
  await page.getByRole("button", { name: "Tell the platform team" }).click();
  await page.getByRole("button", { name: "Send message" }).click();
  await page.getByText("Write at least a few words.").waitFor();
  await page.getByLabel("What works, what does not, what is missing").fill("<img src=x onerror=alert(1)> Could sandboxes sleep?");
  await page.getByRole("button", { name: "Send message" }).click();
  await page.getByText("You get a notice when the platform team answers.").waitFor();
  await pat.page.goto("/admin/feedback?state=open");
  await pat.page.getByRole("link", { name: /Could sandboxes sleep/ }).click();
  await pat.page.getByLabel("Answer", { exact: true }).fill("Soon: it is being built.");
  await screenshot(pat.page, "feedback-light-1440");
  expect(await accessibilityProblems(pat.page)).toEqual([]);
  await pat.page.getByRole("button", { name: "Send answer" }).click();
  await pat.page.getByText("Olga Marin was told.").waitFor();
  await page.reload();
  await page.getByRole("button", { name: /Notices/ }).click();
  await page.getByRole("link", { name: /The platform team answered you/ }).click();
  await page.getByText("Soon: it is being built.").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect([...complaints, ...pat.complaints]).toEqual([]);
});
