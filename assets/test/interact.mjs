// Plays the scripts against the sample pages with a server that answers as ours does:
// keyboard map, palette, combos, ticking rows, dialogs and questions, refused forms, idempotency keys,
// revealed fields, faults. `node test/interact.mjs` after `cargo run -p ui --example gallery`.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const pages = path.join(here, '../../target/gallery');
const dist = path.join(here, '../dist');
const CSP = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'";
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', woff2: 'font/woff2' };
const seen = [];
const html = (res, status, body, headers = {}) => res.writeHead(status, { 'content-type': TYPES.html, 'content-security-policy': CSP, ...headers }).end(body);

const answers = {
  '/palette': (q) => `<div role="option" id="ck-1" aria-selected="true" data-href="/order-zh-CN?q=${q.get('q')}">一</div><div role="option" id="ck-2" aria-selected="false" data-href="/settings-zh-CN">二</div>`,
  '/units/suggest': (q) => `<div class="combo-o" role="option" data-id="u1" data-text="YK ${q.get('q')}">YK</div><div class="combo-o" role="option" data-id="u2" data-text="Second">Second</div>`,
  '/dialog': () => '<form class="form" method="post" action="/refuse" hx-post="/refuse" hx-target="this" hx-swap="outerHTML" data-close-ok data-modal-form><input type="hidden" name="idem" value="k-1"><header><h2>D</h2></header><div class="body"><input class="input" id="f-a" name="a"></div><button id="go" type="submit">go</button></form>',
};
let refusals = 0;
const server = http.createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  let body = '';
  for await (const chunk of req) body += chunk;
  if (req.method === 'POST') {
    seen.push({ path: url.pathname, key: req.headers['idempotency-key'], body });
    if (url.pathname === '/refuse') {
      refusals += 1;
      if (refusals === 1) return html(res, 422, answers['/dialog']().replace('id="f-a"', 'id="f-a" aria-invalid="true"'));
      return html(res, 200, '<hx-partial hx-target="#toasts" hx-swap="beforeend"><div class="toast tone-green"><b>saved</b></div></hx-partial>', { 'hx-reswap': 'none' });
    }
    if (url.pathname === '/boom') return html(res, 500, 'no');
    if (url.pathname === '/problem') return res.writeHead(409, { 'content-type': 'application/problem+json' }).end('{"title":"Conflict here"}');
    if (url.pathname === '/reveal') return html(res, 200, '<span class="mask" id="mask-2" data-open data-mask="138****6027" data-seconds="1"><span class="val">13800136027</span></span>');
    if (url.pathname === '/me/hide') return html(res, 200, '');
    return res.writeHead(303, { location: '/settings-zh-CN' }).end();
  }
  if (answers[url.pathname]) return html(res, 200, answers[url.pathname](url.searchParams));
  const file = url.pathname.startsWith('/assets/') ? path.join(dist, url.pathname.slice(8)) : path.join(pages, `${url.pathname.slice(1)}.html`);
  if (!fs.existsSync(file)) return html(res, 404, 'none');
  res.writeHead(200, { 'content-type': TYPES[path.extname(file).slice(1)], 'content-security-policy': CSP });
  res.end(fs.readFileSync(file));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'zh-CN' });
const tab = await context.newPage();
const errors = [];
tab.on('pageerror', (e) => errors.push(e.message));
tab.on('console', (m) => m.type() === 'error' && !/status of (404|409|422|500)/.test(m.text()) && errors.push(m.text()));

let failed = 0;
async function test(name, fn) {
  try {
    await fn();
    console.log(`ok   ${name}`);
  } catch (e) {
    failed += 1;
    console.log(`FAIL ${name}: ${String(e.message).split('\n')[0]}`);
  }
}
const is = (got, want, what = '') => { if (got !== want) throw new Error(`${what} got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`); };
const open = (name) => tab.goto(`${base}/${name}`, { waitUntil: 'networkidle' });
const eventually = async (fn, what) => {
  for (let i = 0; i < 40; i++) {
    if (await fn()) return;
    await tab.waitForTimeout(50);
  }
  throw new Error(`never: ${what}`);
};
const focusRow = () => tab.evaluate(() => [...document.querySelectorAll('table[data-rows] tbody tr')].indexOf(document.activeElement));
/** A button with htmx attributes, put where features would put it. */
const inject = (markup) => tab.evaluate((m) => {
  document.querySelector('#main').insertAdjacentHTML('afterbegin', m);
  window.htmx?.process(document.querySelector('#main').firstElementChild);
}, markup);

await open('orders-zh-CN');
await test('J and K move, X ticks, the bulk bar counts', async () => {
  for (const k of ['j', 'j', 'j', 'k']) await tab.keyboard.press(k);
  is(await focusRow(), 1);
  await tab.keyboard.press('x');
  is(await tab.locator('#bulk').isVisible(), true);
  is(await tab.locator('[data-count]').textContent(), '1');
});
await test('Shift takes a range, the head takes all, clear takes none', async () => {
  const boxes = tab.locator('tbody .check');
  await boxes.nth(3).click();
  await boxes.nth(6).click({ modifiers: ['Shift'] });
  is(await tab.locator('[data-count]').textContent(), '5');
  await tab.locator('[data-check-all]').click();
  is(await tab.locator('[data-count]').textContent(), '24');
  await tab.locator('[data-clear]').click();
  is(await tab.locator('#bulk').isVisible(), false);
});
await test('/ goes to the search, Esc leaves it, F opens the builder', async () => {
  await tab.keyboard.press('/');
  is(await tab.evaluate(() => document.activeElement.matches('[data-search]')), true);
  await tab.keyboard.press('j');
  await tab.keyboard.press('Escape');
  await tab.keyboard.press('f');
  is(await tab.locator('#pop-filter').isVisible(), true);
  await tab.keyboard.press('Escape');
  is(await tab.locator('#pop-filter').isVisible(), false);
});
await test('? lists the keys, Esc closes', async () => {
  await tab.locator('h1').click();
  await tab.keyboard.press('?');
  is(await tab.locator('#keys').isVisible(), true);
  await tab.keyboard.press('Escape');
  is(await tab.locator('#keys').isVisible(), false);
});
await test('Ctrl K asks the server, arrows choose, Enter goes', async () => {
  await tab.keyboard.press('Control+k');
  await eventually(() => tab.locator('#ck-1').isVisible(), 'results');
  await tab.keyboard.type('wxc');
  await eventually(async () => (await tab.locator('#ck-1').getAttribute('data-href'))?.includes('wxc'), 'search');
  await tab.keyboard.press('ArrowDown');
  is(await tab.locator('#ck-2').getAttribute('aria-selected'), 'true');
  await tab.keyboard.press('Enter');
  await tab.waitForURL('**/settings-zh-CN');
});
await test('theme is kept in a cookie and printed', async () => {
  await tab.locator('.topbar [data-theme-toggle]').first().click();
  is(await tab.evaluate(() => document.documentElement.dataset.theme), 'dark');
  is((await context.cookies()).find((c) => c.name === 'theme')?.value, 'dark');
});
await test('Alt H tells the server and loads the page again', async () => {
  const again = tab.waitForEvent('load');
  await tab.keyboard.press('Alt+h');
  await again;
  is(seen.at(-1).path, '/me/hide');
  is(seen.at(-1).body, 'hidden=1');
});

await open('intake-zh-CN');
await test('a combo searches, shows, chooses and remembers the id', async () => {
  const input = tab.locator('#f-unit_id');
  await input.pressSequentially('ab');
  await eventually(() => tab.locator('#f-unit_id-list [role=option]').first().isVisible(), 'suggestions');
  await eventually(async () => (await tab.locator('#f-unit_id-list [role=option]').first().getAttribute('data-text')) === 'YK ab', 'q');
  await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('Enter');
  is(await tab.locator('#f-unit_id-id').inputValue(), 'u1');
  is(await input.inputValue(), 'YK ab');
  await input.pressSequentially('c');
  is(await tab.locator('#f-unit_id-id').inputValue(), '', 'typing on forgets the id:');
});

await open('order-zh-CN');
await test('a reveal shows and hides again', async () => {
  await tab.evaluate(() => {
    const b = document.querySelector('#mask-2 button');
    b.setAttribute('hx-post', '/reveal');
    window.htmx?.process(b);
  });
  await tab.locator('#mask-2 button').click();
  await eventually(async () => (await tab.locator('#mask-2 .val').textContent()) === '13800136027', 'revealed');
  await eventually(async () => (await tab.locator('#mask-2 .val').textContent()) === '138****6027', 'hidden again');
});
await test('the menu opens with its button and asks before it posts', async () => {
  await tab.locator('#more-btn').click();
  is(await tab.locator('#more').isVisible(), true);
  await tab.locator('#more .danger').click();
  is(await tab.locator('#confirm').isVisible(), true);
  const before = seen.length;
  await tab.locator('#confirm [data-close]').click();
  await tab.waitForTimeout(150);
  is(seen.length, before, 'refused question:');
});
await test('a loaded dialog opens; 422 keeps it and focuses the field; success closes it; the key changes only then', async () => {
  await inject('<button id="d" type="button" hx-get="/dialog" hx-target="#modal">d</button>');
  await tab.locator('#d').click();
  await eventually(() => tab.locator('#modal').isVisible(), 'dialog');
  await tab.locator('#go').click();
  await eventually(() => tab.evaluate(() => document.activeElement.id === 'f-a'), 'focus');
  is(await tab.locator('#modal').isVisible(), true);
  await tab.locator('#go').click();
  await eventually(async () => !(await tab.locator('#modal').isVisible()), 'closed');
  await eventually(async () => (await tab.locator('.toast').count()) > 0, 'toast');
  const keys = seen.filter((s) => s.path === '/refuse').map((s) => s.key);
  is(keys.join(), 'k-1,k-1');
});
await test('faults and problems become messages and swap nothing', async () => {
  await inject('<p id="x"><button id="b5" type="button" hx-post="/boom" hx-target="#x">5</button><button id="b4" type="button" hx-post="/problem" hx-target="#x">4</button></p>');
  await tab.locator('#b5').click();
  await eventually(async () => (await tab.locator('.toast.tone-red').count()) === 1, 'toast');
  await tab.locator('#b4').click();
  await eventually(async () => (await tab.locator('.toast', { hasText: 'Conflict here' }).count()) === 1, 'problem');
  is(await tab.locator('#b4').isVisible(), true);
  const keys = seen.filter((s) => s.path === '/boom' || s.path === '/problem').map((s) => s.key);
  is(keys.every((k) => /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(k)), true, keys.join());
});
await test('a redirect answered to a form moves the page', async () => {
  await inject('<form id="r" method="post" action="/ok" hx-post="/ok" hx-target="#main"><button id="rb">r</button></form>');
  await tab.locator('#rb').click();
  await tab.waitForURL('**/settings-zh-CN');
});

const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, reducedMotion: 'reduce' });
const small = await phone.newPage();
small.on('pageerror', (e) => errors.push(e.message));
await test('a phone opens the navigation and closes it', async () => {
  await small.goto(`${base}/orders-zh-CN`, { waitUntil: 'networkidle' });
  is(await small.locator('#nav').isVisible(), false);
  await small.locator('button[data-nav-open]').click();
  is(await small.locator('#nav').isVisible(), true);
  await small.locator('.nav-close').click();
  await eventually(async () => !(await small.locator('#nav').isVisible()), 'closed');
});
await test('a signature fills its fields, quantity buttons count', async () => {
  await small.goto(`${base}/job-zh-CN`, { waitUntil: 'networkidle' });
  const box = await small.locator('.sign canvas').boundingBox();
  await small.mouse.move(box.x + 30, box.y + 40);
  await small.mouse.down();
  for (let i = 0; i < 8; i++) await small.mouse.move(box.x + 30 + i * 15, box.y + 40 + (i % 3) * 12);
  await small.mouse.up();
  is((await small.locator('[data-sign-png]').inputValue()).startsWith('data:image/png;base64,'), true);
  is((await small.locator('[data-sign-svg]').inputValue()).startsWith('<svg'), true);
  await small.locator('[data-sign-clear]').click();
  is(await small.locator('[data-sign-png]').inputValue(), '');
  await small.locator('[data-step="1"]').click();
  is(await small.locator('[name=qty]').inputValue(), '2');
});
await test('no script error and no policy violation on the way', async () => is(errors.join(' | '), ''));
await browser.close();
server.close();
console.log(failed ? `${failed} failed` : 'interact: all passed');
process.exit(failed ? 1 : 0);
