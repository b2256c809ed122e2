/** Hands for journeys: carrying with the mouse, dropping files, holding and swiping with a finger. */

async function middle(locator) {
  const box = await locator.boundingBox();
  if (!box) {
    throw new Error("it is not to be seen");
  }
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, box };
}

/** Takes hold of something with the mouse and lays it down on something else. */
export async function carry(page, from, to, at = {}) {
  const start = await middle(from);
  const end = await middle(to);
  const x = at.x === undefined ? end.x : end.box.x + at.x;
  const y = at.y === undefined ? end.y : end.box.y + at.y;
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 6, { steps: 3 });
  await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.move(x, y + 1);
  await page.mouse.up();
  // The library of dragging lets no click through for 50 ms, quicker than any hand.
  await page.waitForTimeout(150);
}

/** Drops a text file on something, as out of a folder of the machine. */
export async function dropFile(page, onto, name, text) {
  const dataTransfer = await page.evaluateHandle(
    ([name, text]) => {
      const carried = new DataTransfer();
      carried.items.add(new File([text], name, { type: "text/plain" }));
      return carried;
    },
    [name, text],
  );
  await onto.dispatchEvent("dragover", { dataTransfer });
  await onto.dispatchEvent("drop", { dataTransfer });
}

async function finger(page) {
  const session = await page.context().newCDPSession(page);
  return (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
}

/** Holds a finger still, then carries what lies under it. */
export async function holdAndCarry(page, from, to) {
  const touch = await finger(page);
  const start = await middle(from);
  const end = await middle(to);
  await touch("touchStart", [{ x: start.x, y: start.y }]);
  await page.waitForTimeout(350);
  for (let step = 1; step <= 8; step++) {
    await touch("touchMove", [
      { x: start.x + ((end.x - start.x) * step) / 8, y: start.y + ((end.y - start.y) * step) / 8 },
    ]);
    await page.waitForTimeout(20);
  }
  await touch("touchEnd", []);
}

/** A quick swipe over something, by so many pixels. */
export async function swipe(page, over, dx, dy) {
  const touch = await finger(page);
  const start = await middle(over);
  await touch("touchStart", [{ x: start.x, y: start.y }]);
  for (let step = 1; step <= 6; step++) {
    await touch("touchMove", [{ x: start.x + (dx * step) / 6, y: start.y + (dy * step) / 6 }]);
    await page.waitForTimeout(8);
  }
  await touch("touchEnd", []);
}
