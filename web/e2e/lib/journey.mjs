/** What a journey works with: pages of a signed-in browser, steps that are counted, checks of accessibility. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// Generous: a slow machine is no fault. What must be quick says so itself.
const step_ms = 30_000;

export const looks = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true, isMobile: true },
};

export const admin = {
  company: "Nordlicht Trading",
  name: "Dana Meyer",
  email: "dana@nordlicht.example",
  password: "seven green bicycles sing",
};

export class Journey {
  constructor(browser, state, results) {
    this.browser = browser;
    this.state = state;
    this.results = results;
    this.contexts = [];
    this.errors = [];
  }

  get base() {
    return this.state.base;
  }

  /** A page in a browser of its own; signed in unless told otherwise. */
  async open(path = "/", options = {}) {
    const { signedIn = true, look = "light", touch = false } = options;
    const context = await this.browser.newContext({
      baseURL: this.base,
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
      storageState: signedIn ? this.state.session : undefined,
      ...looks[look],
      ...(touch && { hasTouch: true }),
    });
    context.setDefaultTimeout(step_ms);
    this.contexts.push(context);
    const page = await context.newPage();
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      const text = message.text();
      // A refused request is part of some journeys; anything else on the console is a fault.
      if (message.type() === "error" && !/status of (4\d\d)/.test(text)) {
        this.errors.push(text);
      }
    });
    await page.goto(path);
    return page;
  }

  /** One counted step; the page is kept as a picture when it fails. */
  async step(name, page, work) {
    const before = this.errors.length;
    try {
      await work();
      const said = this.errors.slice(before);
      if (said.length > 0) {
        throw new Error(`the page said: ${said.join(" | ").slice(0, 500)}`);
      }
      this.results.passed++;
      console.log(`  ok   ${name}`);
      return true;
    } catch (error) {
      this.results.failed++;
      console.log(`  FAIL ${name}: ${String(error.message).split("\n").slice(0, 6).join("\n       ")}`);
      const file = join(this.state.out, `${name.replace(/[^a-z0-9]+/gi, "-")}.png`);
      await page?.screenshot({ path: file }).catch(() => {});
      return false;
    }
  }

  /** Fails when axe finds anything on the page. */
  async accessible(page, name) {
    await this.step(`accessible: ${name}`, page, async () => {
      // Through the debugger: the page's own policy would refuse a script that is not its own.
      await page.evaluate(axe);
      const found = await page.evaluate(
        (runOnly) => globalThis.axe.run(document, { runOnly: { type: "tag", values: runOnly }, resultTypes: ["violations"] }),
        tags,
      );
      if (found.violations.length > 0) {
        const lines = found.violations.map(
          (entry) => `${entry.id} (${entry.impact}): ${entry.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary?.split("\n")[1] ?? ""}`).join("; ")}`,
        );
        throw new Error(lines.join("\n"));
      }
    });
  }

  /** Asks the API as the signed-in person. */
  async api(page, method, path, body) {
    const response = await page.request.fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: { "X-Rapport": "1", "Content-Type": "application/json" },
      data: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok()) {
      throw new Error(`${method} ${path}: ${response.status()} ${text.slice(0, 400)}`);
    }
    return text ? JSON.parse(text) : undefined;
  }

  async close() {
    await Promise.all(this.contexts.map((context) => context.close()));
  }
}

/** Waits until something holds. */
export async function until(check, what, wait_ms = 20_000) {
  const end = Date.now() + wait_ms;
  let last;
  while (Date.now() < end) {
    try {
      last = await check();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error.message;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} (last: ${JSON.stringify(last)})`);
}
