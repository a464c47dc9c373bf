// The page in a browser: what a person sees and does there, and what comes of it.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { startPlatform, startReceiver } from "./platform.mjs";

// playwright-core is installed outside the sources; the environment says where.
const require = createRequire(join(process.env.BROWSER_MODULES ?? process.cwd(), "x.js"));
const { chromium } = require("playwright-core");

const NOTIFICATION = "/rest/httpsessions/callnotify/v2.0";
const CALLBACK = "/rest/httpsessions/click2Call/v2.0";
const PHONE = "+8613800000021";
const OTHER = "+8613800000022";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

let platform, receiver, browser, profile, page;
const complaints = [];
const elsewhere = [];

before(async () => {
  platform = await startPlatform();
  receiver = await startReceiver();
  profile = await mkdtemp(join(tmpdir(), "voicecall-browser-"));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS,
    viewport: { width: 1360, height: 900 }, colorScheme: "light",
  });
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  // A refused order is told on the page; that the browser notes it too is no complaint.
  const refused = /Failed to load resource: .* 4\d\d /;
  page.on("console", (message) => message.type() === "error" && !refused.test(message.text()) && complaints.push(message.text()));
  page.on("request", (request) => request.url().startsWith(platform.page) || request.url().startsWith("data:") || elsewhere.push(request.url()));
  await page.goto(platform.page);
  await page.getByText("All is quiet.").waitFor();
});
after(async () => {
  await browser?.close();
  receiver?.stop();
  await platform?.stop();
  if (profile) await rm(profile, { recursive: true, force: true });
});
beforeEach(async () => {
  await platform.admin("PUT", "/clock", { paused: true });
});

const handset = (number) => page.locator(`.handset[data-number="${number}"]`);
const step = async (seconds) => {
  for (let second = 0; second < seconds; second++) {
    const stepped = page.waitForResponse((response) => response.url().endsWith("/clock/step"));
    await page.getByRole("button", { name: "+1 s" }).click();
    await stepped;
  }
};
const notification = () => ({
  displayNbr: platform.ready.display_numbers[0], calleeNbr: PHONE, userData: "order-4711", ...receiver.addresses,
  playInfoList: [{ notifyVoice: "notifyvoice.wav", collectInd: 2 }],
});
const callback = () => ({
  displayNbr: platform.ready.display_numbers[0], callerNbr: PHONE,
  displayCalleeNbr: platform.ready.display_numbers[1], calleeNbr: OTHER,
});

test("a phone rings, is answered on the page, and its keys and CDR are shown", async () => {
  await page.getByRole("switch", { name: "I answer the phones" }).check();
  const placed = await platform.post(NOTIFICATION, notification());
  assert.equal(placed.status, 200, placed.text);
  await handset(PHONE).getByText(/is dialled/).waitFor();
  await step(3);
  await handset(PHONE).getByText(/rings/).waitFor();
  await handset(PHONE).getByRole("button", { name: "Answer" }).click();
  await handset(PHONE).getByText(/connected/).waitFor();
  assert.ok(await handset(PHONE).getByRole("button", { name: "Key 4" }).isDisabled(), "no keys while it plays");
  await step(5);
  await handset(PHONE).getByText("2 keys awaited").waitFor();
  await handset(PHONE).getByRole("button", { name: "Key 4" }).click();
  await handset(PHONE).getByText("1 key awaited").waitFor();
  await page.keyboard.press("2");
  await handset(PHONE).waitFor({ state: "detached" });
  await step(1);

  const detail = page.locator("#detail");
  await detail.locator("[data-part=phase]").getByText("ended").waitFor();
  await detail.locator("dd", { hasText: /^42$/ }).first().waitFor();
  for (const event of ["callout", "alerting", "answer", "collectInfo", "disconnect", "CDR"]) {
    const push = detail.locator(`li[data-event="${event}"] .push[data-push]`).first();
    await push.waitFor();
    assert.match(await push.innerText(), /HTTP 200\s+signed/);
  }
  await detail.locator('[data-push="collectInfo"] summary').click();
  assert.match(await detail.locator('[data-push="collectInfo"] pre').first().innerText(), /"digitInfo": "42"/);
  await detail.locator("[data-part=cdr] summary").click();
  const record = await detail.locator("[data-part=cdr] dl").innerText();
  assert.match(record, /dynIVRPath\s+42/);
  assert.match(record, /userData\s+order-4711/);
  const bar = detail.getByRole("img", { name: /^Leg A: dialled 3 s, talked 5 s/ });
  assert.equal(await bar.count(), 1, await detail.getByRole("img").first().getAttribute("aria-label"));
});

test("a callback is answered and rejected with the keyboard alone", async () => {
  await platform.admin("PUT", "/phones", { by_hand: true });
  await platform.post(CALLBACK, callback());
  await handset(PHONE).waitFor();
  await page.locator("body").click({ position: { x: 4, y: 400 } });
  for (const _ of [1, 2, 3]) {
    const stepped = page.waitForResponse((response) => response.url().endsWith("/clock/step"));
    await page.keyboard.press(".");
    await stepped;
  }
  await handset(PHONE).getByText(/rings/).waitFor();
  await page.keyboard.press("a");
  await handset(OTHER).waitFor();
  await step(3);
  await handset(OTHER).getByText(/rings/).waitFor();
  await page.locator("body").click({ position: { x: 4, y: 400 } });
  await page.keyboard.press("r");
  await handset(OTHER).waitFor({ state: "detached" });
  await page.locator("#detail [data-part=phase]").getByText("ended · 8004").waitFor();
  assert.match(await page.locator("#detail .facts").innerText(), /Ended by\s+the callee/);
});

test("a call is placed on the page itself", async () => {
  await page.getByLabel("What to place").selectOption({ label: "Verification code" });
  await page.getByLabel("Number to call").fill("+8613800000077");
  await page.getByRole("button", { name: "Place a call" }).click();
  await handset("+8613800000077").waitFor();
  await platform.admin("POST", "/clock/step", { seconds: 120 });
  await handset("+8613800000077").waitFor({ state: "detached" });
});

test("a button makes the next answer suffer, once", async () => {
  await page.getByRole("button", { name: "503", exact: true }).click();
  await page.getByText("status · calls · 1 left").waitFor();
  assert.equal((await platform.post(CALLBACK, callback())).status, 503);
  await page.getByText("status · calls · 1 left").waitFor({ state: "detached" });
  assert.equal((await platform.post(CALLBACK, callback())).status, 200);
});

test("an armed fault is removed, and a senseless one is explained", async () => {
  await page.getByLabel("Where the fault strikes").selectOption("disconnect");
  await page.getByLabel("What the fault does").selectOption("replay");
  await page.getByRole("button", { name: "Arm" }).click();
  await page.getByRole("button", { name: "Remove replay on disconnect" }).click();
  await page.getByText("replay · disconnect").waitFor({ state: "detached" });
  await page.getByLabel("What the fault does").selectOption("bad_record");
  await page.getByRole("button", { name: "Arm" }).click();
  await page.getByText("bad_record strikes fee only").waitFor();
});

test("every control has a name, and every text contrast, in light and in dark", async () => {
  await platform.post(NOTIFICATION, notification());
  await platform.admin("POST", "/clock/step", { seconds: 3 });
  await handset(PHONE).first().getByText(/rings/).waitFor();
  const rooms = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Transitions of colour are over when nothing is animated any more.
    await page.waitForFunction(() => document.getAnimations().length === 0);
    rooms.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    assert.deepEqual(await page.evaluate(faint), [], `faint in ${colorScheme}`);
  }
  assert.notEqual(rooms[0], rooms[1]);
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, select")]
    .filter((control) => !(control.getAttribute("aria-label") || control.labels?.[0]?.textContent || control.textContent).trim())
    .map((control) => control.outerHTML));
  assert.deepEqual(nameless, []);
});

test("the page complained about nothing and asked nobody else", () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(elsewhere, []);
});

/** Runs in the page: texts with less contrast than WCAG AA asks for (4.5), those of disabled controls apart. */
function faint() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest(":disabled, script, style, .hidden")) continue;
    const [one, other] = [luminance(rgba(getComputedStyle(element).color)), luminance(ground(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) found.push(`${text}: ${contrast.toFixed(2)}`);
  }
  return [...new Set(found)];
}
