// What every journey needs: a browser, sign-in, pictures, and the accessibility check.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// The packages of the browser tests are development packages of assets/.
const require = createRequire(new URL('../../assets/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const CHROMIUMS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launchBrowser(extra = []) {
  const executablePath = CHROMIUMS.find((file) => file && existsSync(file));
  if (!executablePath) throw new Error('no Chromium found: install the package chromium, or set CHROMIUM');
  return chromium.launch({
    executablePath,
    headless: process.env.HEADED !== '1',
    args: [
      // Root (a build server) may not use the sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      // The browser's own errands have no place in a test and fail without a network.
      '--disable-quic',
      '--no-first-run',
      // Date and time fields speak the language of the company.
      '--lang=zh-CN',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
      ...extra,
    ],
  });
}

/**
 * A fresh browser profile: desk (1440 px) or a phone (390 px, touch). Without `live` pages open no live channel: a stream
 * never ends, so that the network would never be idle.
 */
export async function newContext(browser, base, { device = 'desk', colorScheme = 'light', locale = 'zh-CN', live = false } = {}) {
  const phone = device === 'phone';
  const context = await browser.newContext({
    baseURL: base,
    locale,
    timezoneId: 'Asia/Shanghai',
    colorScheme,
    reducedMotion: 'reduce',
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    geolocation: { latitude: 31.2304, longitude: 121.4737 },
    permissions: ['geolocation'],
  });
  if (!live) await context.addInitScript(() => { delete globalThis.EventSource; });
  return context;
}

/** Signs in through the form like a person. The demo company's accounts share one password. */
export async function login(page, user = 'admin', password = 'aftercare-demo') {
  await page.goto('/login');
  await page.fill('input[name=login]', user);
  await page.fill('input[name=password]', password);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.startsWith('/login')),
    page.click('form:has(input[name=password]) button[type=submit]'),
  ]);
}

/** Fails with a readable list when axe finds anything (WCAG 2.2 AA and best practices). */
export async function axe(page, options = {}) {
  // Evaluated by the debugger, so the page's content security policy stays as strict as for everybody.
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    (settings) =>
      globalThis.axe.run(document, {
        resultTypes: ['violations'],
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        ...settings,
      }),
    options,
  );
  const list = found.violations.map((violation) => {
    const nodes = violation.nodes.slice(0, 5).map((node) => `\n      ${node.target.join(' ')}: ${node.html.slice(0, 160)}`);
    return `${violation.id} (${violation.impact}): ${violation.help}${nodes.join('')}`;
  });
  assert.equal(list.length, 0, `axe on ${page.url()}:\n    ${list.join('\n    ')}`);
}

/** Switches the theme as the system would, and waits until the page is painted in it. */
export async function theme(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  // Two frames: one recalculates the styles, the next has painted them. Transitions end before anyone measures.
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => { requestAnimationFrame(done); });
    await frame();
    await frame();
    const passing = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    await Promise.allSettled(passing.map((animation) => animation.finished));
    await frame();
  });
}

/** Runs the accessibility check in light and in dark. */
export async function axeBoth(page) {
  for (const colorScheme of ['light', 'dark']) {
    await theme(page, colorScheme);
    await axe(page);
  }
  await theme(page, 'light');
}

/** Nothing may stick out sideways: the page itself never scrolls horizontally. */
export async function fitsWidth(page) {
  const { inner, scroll } = await page.evaluate(() => ({
    inner: document.documentElement.clientWidth,
    scroll: document.documentElement.scrollWidth,
  }));
  const dialogs = await page.evaluate(() => [...document.querySelectorAll('dialog[open]')]
    .filter((dialog) => dialog.scrollWidth > dialog.clientWidth + 1 || dialog.getBoundingClientRect().right > innerWidth + 1)
    .map((dialog) => `${dialog.id}: ${dialog.scrollWidth} px of content in ${dialog.clientWidth} px`));
  assert.deepEqual(dialogs, [], `a dialog of ${page.url()} is too wide`);
  assert.ok(scroll <= inner, `${page.url()} is ${scroll} px wide in a window of ${inner} px`);
}

/** Every visible control is large enough for a thumb (44 px; the text links of running text excepted). */
export async function thumbSized(page, minimum = 44) {
  const small = await page.evaluate((least) => {
    const controls = document.querySelectorAll('button, select, input:not([type=hidden]), a[class]:not(.skip)');
    return [...controls]
      .map((control) => ({ control, box: (control.closest('label') ?? control).getBoundingClientRect() }))
      .filter(({ control, box }) => control.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width > 1 && box.right > 0)
      .filter(({ box }) => box.height < least)
      .map(({ control, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${control.outerHTML.slice(0, 120)}`);
  }, minimum);
  assert.deepEqual(small, [], `controls too small for a thumb on ${page.url()}`);
}

/** Presses Tab until the field of this name has the focus: what a person without a mouse does. */
export async function tabTo(page, field) {
  for (let presses = 0; presses < 60; presses += 1) {
    const here = await page.evaluate(() => document.activeElement?.getAttribute('name'));
    if (here === field) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${field} on ${page.url()}`);
}

/** Opens the first row of a list and waits for its page. */
export async function openFirst(page, list, filter = '') {
  await page.goto(`${list}${filter}`);
  const href = await page.locator('table[data-rows] tbody tr a[href]').first().getAttribute('href');
  assert.ok(href, `${list}${filter} has no row to open`);
  await page.goto(href);
  return href;
}

/** Opens a dialog of an order by the button that asks for it, wherever on the page that stands. */
export async function openDialog(page, order, dialog) {
  await page.goto(dialog.startsWith('lines/') ? `${order}?tab=lines` : order);
  await page.waitForLoadState('networkidle');
  const button = page.locator(`[hx-get$="${order}/${dialog}"]`).first();
  assert.ok(await button.count(), `${order} offers no ${dialog}`);
  await button.evaluate((element) => element.click());
  // A dialog that refuses has no form, but a way to what is missing.
  await page.locator('#modal[open] :is(form, [hx-get])').first().waitFor();
}

/** The helpers of one journey, bound to its page. */
export function helpers({ base, page, root }) {
  return {
    login: (user, password) => login(page, user, password),
    axe: (options) => axe(page, options),
    axeBoth: () => axeBoth(page),
    theme: (colorScheme) => theme(page, colorScheme),
    fitsWidth: () => fitsWidth(page),
    tabTo: (field) => tabTo(page, field),
    openFirst: (list, filter) => openFirst(page, list, filter),
    openDialog: (order, dialog) => openDialog(page, order, dialog),
    thumbSized: (minimum) => thumbSized(page, minimum),
    /** Keeps a picture for the README when asked to (`make shots`). */
    shot: async (name, options = {}) => {
      if (process.env.SHOTS !== '1') return;
      const folder = path.join(root, 'docs/screenshots');
      mkdirSync(folder, { recursive: true });
      const usual = page.viewportSize();
      // Small enough for a README.
      if (usual.width > 1280) await page.setViewportSize({ width: 1280, height: 760 });
      await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', ...options });
      await page.setViewportSize(usual);
    },
    /** Calls the REST API with a token, answers the parsed JSON. */
    api: async (token, method, address, body, headers = {}) => {
      const answer = await fetch(`${base}/api/v1${address}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      assert.ok(answer.ok, `${method} ${address}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : null;
    },
  };
}
