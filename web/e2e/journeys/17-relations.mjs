/** Relations: the graph with its list, by keyboard and mouse; a relationship added; the company tree, and no circle in it. */
export async function run(journey) {
  const page = await journey.open("/");
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const top = await make("companies", { name: "Kepler Holding" });
  const low = await make("companies", { name: "Kepler Optics", parent: top.id });
  const tycho = await make("people", { given_name: "Tycho", family_name: "Brahe", company: low.id });
  const kepler = await make("people", { given_name: "Johannes", family_name: "Kepler", reports_to: tycho.id });
  await make("affiliations", { person: kepler.id, company: top.id, role: "advisor", has_left: true });
  const tab = page.getByRole("region", { name: "Relations" });
  const picture = tab.getByRole("group", { name: /^Picture of the relations/ });

  await journey.step("the graph shows who stands around a person", page, async () => {
    await page.goto(`/people/${kepler.id}?tab=relations`);
    await picture.getByRole("link", { name: "Tycho Brahe, Person" }).waitFor();
    await tab.getByText("Advisor (left)").last().waitFor();
  });
  await journey.step("two steps reach further", page, async () => {
    await tab.getByRole("button", { name: "2 steps" }).click();
    await picture.getByRole("link", { name: "Kepler Optics, Company" }).waitFor();
  });
  await journey.accessible(page, "relations of a person");
  await journey.step("a relationship is added from here", page, async () => {
    await tab.getByRole("button", { name: "Relationship" }).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    const end = (id) => [{ object: "person", id }];
    await make("relationships", { subject: end(kepler.id), kind: "influences", related: end(tycho.id) });
    await page.reload();
    await tab.getByRole("listitem").filter({ hasText: "Influences" }).waitFor();
  });
  await journey.step("a node is opened by keyboard", page, async () => {
    await picture.getByRole("link", { name: "Tycho Brahe, Person" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /Tycho Brahe/ }).waitFor();
  });
  await journey.step("the tree of a company sums up what is below", page, async () => {
    await page.goto(`/companies/${top.id}?tab=relations`);
    await tab.getByRole("heading", { name: "Company tree" }).waitFor();
    await tab.getByRole("row").filter({ hasText: "Kepler Optics" }).getByRole("link").waitFor();
  });
  await journey.accessible(page, "relations of a company");
  await journey.step("no company stands above itself", page, async () => {
    const answer = await page.request.patch(`/api/v1/companies/${top.id}`, {
      headers: { "X-Rapport": "1" },
      data: { parent: low.id },
    });
    const problem = await answer.json();
    if (answer.status() !== 422 || problem.fields?.[0]?.code !== "circle") {
      throw new Error(JSON.stringify(problem));
    }
  });
}
