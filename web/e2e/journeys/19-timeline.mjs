/** A timeline: bars carried and stretched by mouse and key, over the day the clocks change, in groups, from the tray, taken back, met by another's change. */
import { carry } from "../lib/hands.mjs";
import { until } from "../lib/journey.mjs";

const day_px = 44;
const at = (more = "") => `/projects?type=timeline&span=day&day=2027-03-10${more}`;
const bar = (page, name) => page.locator("[data-bar]", { hasText: name });
const grid = (page) => page.getByRole("grid");

async function object(journey, page) {
  const field = (name, kind, label, more = {}) => ({ name, kind, label, ...more });
  await journey.api(page, "POST", "/objects", {
    name: "project",
    plural: "projects",
    label: "Project",
    label_plural: "Projects",
    title: "name",
    fields: [
      field("name", "text", "Name", { required: true }),
      field("starts_on", "date", "Starts on"),
      field("ends_on", "date", "Ends on"),
      field("status", "select", "Status", {
        options: [
          { value: "planned", label: "Planned", color: "blue" },
          { value: "running", label: "Running", color: "green" },
        ],
      }),
    ],
  });
  const create = [
    { name: "Cellar", starts_on: "2027-03-08", ends_on: "2027-03-10", status: "running" },
    { name: "Roof", starts_on: "2027-03-09", ends_on: "2027-03-12", status: "planned" },
    { name: "Far away", starts_on: "2029-05-01", ends_on: "2029-06-01", status: "planned" },
    { name: "Some day", status: "planned" },
    { name: "Never ending", starts_on: "2027-03-11", status: "running" },
  ];
  await journey.api(page, "POST", "/projects/bulk", { create });
}

async function lies(journey, page, name, starts_on, ends_on) {
  await until(async () => {
    const found = await journey.api(page, "GET", `/projects?filter=${encodeURIComponent(`name == '${name}'`)}`);
    const [record] = found.records;
    return record.starts_on === starts_on && (record.ends_on ?? null) === ends_on;
  }, `${name} from ${starts_on} to ${ends_on}`);
}

async function drawn(journey, page) {
  await journey.step("a list becomes a timeline, with today in sight", page, async () => {
    await page.goto("/projects");
    await page.getByRole("button", { name: "Timeline", exact: true }).click();
    await page.locator("[data-today]").waitFor({ state: "attached" });
    await page.goto(at());
    await bar(page, "Roof").waitFor();
    const { width } = await bar(page, "Roof").boundingBox();
    if (Math.abs(width - 4 * day_px) > 1) {
      throw new Error(`four days are ${width} pixels wide`);
    }
    await page.locator('[data-weekend="2027-03-13"]').waitFor({ state: "attached" });
  });
  await journey.step("a bar out of sight is one press away", page, async () => {
    await page
      .getByRole("row", { name: /Far away/ })
      .getByRole("button", { name: "Go to its bar" })
      .click();
    await until(async () => {
      const box = await bar(page, "Far away").boundingBox();
      return box && box.x > 0 && box.x < 1440;
    }, "it is in sight");
    await page.goto(at());
  });
  await journey.accessible(page, "timeline");
}

async function byHand(journey, page) {
  await journey.step("a bar is carried, and the toast takes it back", page, async () => {
    const from = await bar(page, "Cellar").boundingBox();
    await carry(page, bar(page, "Cellar"), bar(page, "Cellar"), { x: from.width / 2 + 2 * day_px });
    await lies(journey, page, "Cellar", "2027-03-10", "2027-03-12");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await lies(journey, page, "Cellar", "2027-03-08", "2027-03-10");
  });
  await journey.step("its edges stretch it", page, async () => {
    await until(async () => Math.abs((await bar(page, "Cellar").boundingBox()).width - 3 * day_px) < 2, "it is back");
    const row = page.getByRole("row", { name: /Cellar/ });
    const end = row.locator("[data-edge=end]");
    await carry(page, end, end, { x: 5 + 3 * day_px });
    await lies(journey, page, "Cellar", "2027-03-08", "2027-03-13");
    const start = row.locator("[data-edge=start]");
    await carry(page, start, start, { x: 5 - day_px });
    await lies(journey, page, "Cellar", "2027-03-07", "2027-03-13");
  });
  await journey.step("what has no date is carried from the tray onto its day", page, async () => {
    await page.getByRole("button", { name: "1 record without a date" }).click();
    await page.locator("[data-loose]", { hasText: "Some day" }).waitFor();
    const area = await grid(page).boundingBox();
    const middle = 220 + (area.width - 220) / 2;
    await carry(page, page.locator("[data-loose]", { hasText: "Some day" }), grid(page), { x: middle, y: 200 });
    await until(async () => {
      const found = await journey.api(page, "GET", `/projects?filter=${encodeURIComponent("name == 'Some day'")}`);
      return found.records[0].starts_on;
    }, "it has a day");
    await page.getByText("Every record has a date.").waitFor();
  });
}

async function byKeys(journey, page) {
  await journey.step("arrows go from row to row and move the bar: many presses are one change", page, async () => {
    await page.goto(at());
    await bar(page, "Roof").focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) {
      await page.keyboard.press(key);
    }
    await lies(journey, page, "Roof", "2027-03-12", "2027-03-15");
    await until(() => page.evaluate(() => document.activeElement?.textContent?.includes("Roof")), "it keeps the focus");
    const found = await journey.api(page, "GET", `/projects?filter=${encodeURIComponent("name == 'Roof'")}`);
    if (found.records[0].version !== 2) {
      throw new Error(`version ${found.records[0].version}`);
    }
  });
  await journey.step("Shift stretches, Alt pulls the beginning, by the unit of the zoom", page, async () => {
    await page.keyboard.press("Shift+ArrowRight");
    await lies(journey, page, "Roof", "2027-03-12", "2027-03-16");
    await page.getByRole("button", { name: "Month", exact: true }).click();
    await bar(page, "Roof").focus();
    await page.keyboard.press("Alt+ArrowLeft");
    await lies(journey, page, "Roof", "2027-02-12", "2027-03-16");
    await page.keyboard.press("ArrowUp");
    await until(() => page.evaluate(() => document.activeElement?.hasAttribute("data-bar")), "another bar has it");
  });
}

async function clocks(journey, page) {
  const meeting = { title: "Over the change", starts_at: "2027-03-27T08:00:00Z", ends_at: "2027-03-27T10:00:00Z" };
  await journey.api(page, "POST", "/meetings", meeting);
  await journey.step("nine o'clock stays nine o'clock on the day the clocks are put forward", page, async () => {
    await page.goto("/meetings?type=timeline&span=day&day=2027-03-27&q=Over");
    await bar(page, "Over the change").focus();
    await page.keyboard.press("ArrowRight");
    await until(async () => {
      const found = await journey.api(
        page,
        "GET",
        `/meetings?filter=${encodeURIComponent("title == 'Over the change'")}`,
      );
      const [record] = found.records;
      return (
        Date.parse(record.starts_at) === Date.parse("2027-03-28T07:00:00Z") &&
        Date.parse(record.ends_at) === Date.parse("2027-03-28T09:00:00Z")
      );
    }, "it begins at 7:00 UTC");
  });
}

async function together(journey, page) {
  await journey.step("what somebody else changed meanwhile is asked about", page, async () => {
    await page.goto(at("&q=Never"));
    await bar(page, "Never ending").waitFor();
    const found = await journey.api(page, "GET", `/projects?filter=${encodeURIComponent("name == 'Never ending'")}`);
    const path = `/projects/${found.records[0].id}`;
    let first = true;
    await page.route(`**${path}`, async (route) => {
      if (first && route.request().method() === "PATCH") {
        first = false;
        await journey.api(page, "PATCH", path, { starts_on: "2027-03-20" });
      }
      await route.continue();
    });
    await bar(page, "Never ending").focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await lies(journey, page, "Never ending", "2027-03-20", null);
    await page.unroute(`**${path}`);
  });
}

async function kept(journey, page) {
  await journey.step("rows stand in groups, and the timeline is kept as a view with its fields", page, async () => {
    await page.goto(at());
    await page.getByRole("button", { name: "Starts on – Ends on" }).click();
    await page.getByRole("menuitemradio", { name: "Status" }).click();
    await page.locator("[data-group=running]").waitFor();
    await page.locator("[data-group=running]").click();
    await bar(page, "Cellar").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Starts on – Ends on" }).click();
    await page.getByRole("menuitemradio", { name: "No end" }).click();
    await page.getByRole("button", { name: "Starts on", exact: true }).waitFor();
    await page.getByRole("button", { name: "Save as new view" }).click();
    await page.getByRole("dialog", { name: "Save as new view" }).getByRole("textbox", { name: "Name" }).press("Enter");
    await page.getByRole("link", { name: /My Projects/ }).waitFor();
    await until(async () => {
      const { views } = await journey.api(page, "GET", "/boot");
      return views.some(
        (view) => view.object === "project" && view.type === "timeline" && view.group === "status" && view.ends === "-",
      );
    }, "the view has its fields");
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  await object(journey, page);
  await page.reload();
  await drawn(journey, page);
  await byHand(journey, page);
  await byKeys(journey, page);
  await clocks(journey, page);
  await together(journey, page);
  await kept(journey, page);
  const phone = await journey.open("/projects?type=timeline&span=week&day=2027-03-10", { look: "phone" });
  await journey.step("on a phone each name stands above its bar, and a press opens the record", phone, async () => {
    await bar(phone, "Cellar").click();
    await phone.getByRole("heading", { level: 1, name: /Cellar/ }).waitFor();
  });
}
