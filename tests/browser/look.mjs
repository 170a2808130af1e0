// Opens a page at some widths and in both colour schemes, and says what a browser makes of it, as JSON:
// PACKAGES=folder node look.mjs CHROMIUM FILE WIDTH…; with SHOTS=folder it keeps pictures and the printed page to look at.
// A width such as 1280@2 is a window of 1280 pixels at 200 %, so of half as many in CSS.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

// The packages lie where they were installed, not beside this file.
const load = createRequire(join(process.env.PACKAGES, "package.json"));
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

const [executablePath, file, ...widths] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args, chromiumSandbox: process.getuid() !== 0 });
const found = [];
for (const given of widths) {
  const [pixels, zoom = 1] = given.split("@").map(Number);
  const width = zoom === 1 ? pixels : given;
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: pixels / zoom, height: 800 }, deviceScaleFactor: zoom, colorScheme });
    const page = await context.newPage();
    const requests = [], messages = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(String(error)));
    page.on("dialog", (dialog) => { messages.push(dialog.message()); dialog.dismiss(); });
    await page.goto(address);
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    const active = await page.evaluate(() => document.querySelectorAll("script, img, iframe, object").length);
    const torn = await page.evaluate(() => [...document.querySelectorAll("th, td")].filter((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      return /^\p{L}{1,12}$/u.test(cell.textContent.trim()) && lines.size > 1;
    }).map((cell) => cell.textContent.trim()));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    const told = (results) => results.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
    found.push({
      width, colorScheme, scrolls, active, messages, torn,
      requests: requests.filter((url) => url !== address),
      violations: told(violations),
    });
    if (process.env.SHOTS) {
      const name = join(process.env.SHOTS, `${basename(file)}-${width}-${colorScheme}`);
      await page.screenshot({ path: `${name}.png`, fullPage: true });
      if (colorScheme === "dark") await page.pdf({ path: `${name}.pdf`, preferCSSPageSize: true });
    }
    await context.close();
  }
}
await browser.close();
console.log(JSON.stringify(found));
