/** A map: records counted in their countries or where they are, narrowed by mouse and keyboard, kept as a view; no request goes elsewhere. */
import { until } from "../lib/journey.mjs";

const marker = (page, key) => page.locator(`[data-marker="${key}"]`);
const place = (page, key) => page.locator(`[data-place="${key}"]`);

async function create(journey, page) {
  const at = (name, billing_address) => ({ name: `Atlas ${name}`, billing_address });
  const companies = [
    at("Berlin", { city: "Berlin", country: "DE" }),
    at("Hamburg", { city: "Hamburg", country: "DE" }),
    at("Brasília", { city: "Brasília", country: "BR" }),
    at("Tokyo", { city: "Tokyo", country: "JP", latitude: 35.68, longitude: 139.76 }),
    at("nowhere", null),
  ];
  await journey.api(page, "POST", "/companies/bulk", { create: companies });
}

export async function run(journey) {
  const page = await journey.open("/");
  await create(journey, page);
  const elsewhere = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(journey.base) && !/^(data|blob):/.test(request.url())) {
      elsewhere.push(request.url());
    }
  });
  await journey.step("a list becomes a map: countries with their numbers, a record where it is", page, async () => {
    await page.goto("/companies?q=Atlas");
    await page.getByRole("button", { name: "Map", exact: true }).click();
    await marker(page, "BR").waitFor();
    await place(page, "DE").getByText("2").waitFor();
    await page.getByRole("button", { name: "Atlas Tokyo: 1 record" }).waitFor({ state: "attached" });
    await page.getByText("1 record has no place.").waitFor();
    if ((await page.locator("path[data-code]").count()) < 200) {
      throw new Error("the countries are not drawn");
    }
  });
  await journey.accessible(page, "map");
  await journey.step("a marker of one record shows it beside the map", page, async () => {
    await page.getByRole("button", { name: "Atlas Tokyo: 1 record" }).click();
    await page.getByRole("complementary", { name: /Atlas Tokyo/ }).waitFor();
    await page.keyboard.press("Escape");
  });
  await journey.step("the wheel and the keys come nearer and go back", page, async () => {
    await page.goto("/companies?q=Atlas&type=map");
    await marker(page, "BR").waitFor();
    const map = page.getByRole("region", { name: /^Map:/ });
    const scale = async () =>
      Number(/scale\(([\d.]+)\)/.exec(await map.locator("svg > g").getAttribute("transform"))[1]);
    const before = await scale();
    await map.focus();
    await page.keyboard.press("+");
    await until(async () => (await scale()) > before * 1.5, "it is nearer");
    await page.keyboard.press("0");
    await until(async () => (await scale()) <= before, "it is whole again");
    await map.hover();
    const least = await scale();
    await page.mouse.wheel(0, -400);
    await until(async () => (await scale()) > least * 1.5, "it is nearer again");
  });
  await journey.step("with the keyboard alone: a country, its cities, the list of one", page, async () => {
    await place(page, "DE").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Germany" }).waitFor();
    await place(page, "Hamburg").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("grid").getByText("Atlas Hamburg").first().waitFor();
    const rows = await page
      .getByRole("grid")
      .getByText(/^Atlas/)
      .count();
    if (rows !== 1 || !page.url().includes("Hamburg")) {
      throw new Error(`${rows} rows at ${page.url()}`);
    }
  });
  await journey.step("the map is kept as a view", page, async () => {
    await page.goto("/companies?type=map");
    await page.getByRole("button", { name: "Save as new view" }).click();
    await page.getByRole("dialog", { name: "Save as new view" }).getByRole("textbox", { name: "Name" }).press("Enter");
    await page.getByRole("link", { name: /My Companies/ }).waitFor();
    const { views } = await journey.api(page, "GET", "/boot");
    if (!views.some((view) => view.object === "company" && view.type === "map")) {
      throw new Error("there is no such view");
    }
  });
  await journey.step("nothing was asked of anybody else", page, async () => {
    if (elsewhere.length > 0) {
      throw new Error(elsewhere.join(" "));
    }
  });
}
