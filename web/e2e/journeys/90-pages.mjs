/** Every page in light, dark and on a phone: shown without a fault and accessible. */
import { looks } from "../lib/journey.mjs";

export async function run(journey) {
  const probe = await journey.open("/");
  const person = (await journey.api(probe, "GET", "/people?limit=1")).records[0].id;
  const company = (await journey.api(probe, "GET", "/companies?limit=1")).records[0].id;
  const pages = {
    home: "/",
    people: "/people",
    companies: "/companies",
    tasks: "/tasks",
    person: `/people/${person}`,
    company: `/companies/${company}`,
    search: "/search?q=person",
    imports: "/imports",
    duplicates: "/duplicates",
    settings: "/settings",
    users: "/settings/users",
    missing: "/nothing-here",
  };
  for (const look of Object.keys(looks)) {
    const page = await journey.open("/", { look });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path);
      await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => {});
      await page.locator("h1").first().waitFor({ state: "attached" });
      await journey.accessible(page, `${name}, ${look}`);
      await journey.step(`one heading, no sideways scrolling: ${name}, ${look}`, page, async () => {
        const found = await page.evaluate(() => ({
          headings: document.querySelectorAll("h1").length,
          wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        }));
        if (found.headings !== 1 || found.wide > 1) {
          throw new Error(JSON.stringify(found));
        }
      });
    }
  }
  const narrow = await journey.open("/people");
  await journey.step("the page fits 320 pixels, as at 400 % zoom", narrow, async () => {
    await narrow.setViewportSize({ width: 320, height: 640 });
    for (const path of ["/", "/people", `/people/${person}`, "/tasks"]) {
      await narrow.goto(path);
      await narrow.locator("h1").first().waitFor({ state: "attached" });
      const wide = await narrow.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (wide > 1) {
        throw new Error(`${path} is ${wide} pixels too wide`);
      }
    }
  });
}
