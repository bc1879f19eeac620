// Opens the sample pages (cargo run -p ui --example gallery) in Chromium, light and dark, wide and narrow:
// axe must find nothing, nothing may break the content security policy, nothing may stick out sideways.
// `node test/looks.mjs [page,page] [--shots DIR]`
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const pages = path.join(here, '../../target/gallery');
const dist = path.join(here, '../dist');
const args = process.argv.slice(2);
const shotsAt = args.indexOf('--shots');
const shots = shotsAt >= 0 ? args.splice(shotsAt, 2)[1] : null;
const only = args[0]?.split(',');
const axe = fs.readFileSync(path.join(here, '../node_modules/axe-core/axe.min.js'), 'utf8');
const CSP = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; object-src 'none'; base-uri 'none'";
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', woff2: 'font/woff2' };

const server = http.createServer((req, res) => {
  const name = new URL(req.url, 'http://x').pathname;
  const file = name.startsWith('/assets/') ? path.join(dist, name.slice(8)) : path.join(pages, `${name.slice(1)}.html`);
  if (!fs.existsSync(file)) return res.writeHead(404).end();
  res.writeHead(200, { 'content-type': TYPES[path.extname(file).slice(1)] ?? 'text/plain', 'content-security-policy': CSP });
  res.end(fs.readFileSync(file));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const PHONE = ['job', 'today'];
const STATES = {
  'orders-zh-CN': { filter: '#pop-filter', cols: '#pop-cols' },
  'gallery-zh-CN': { keys: '#keys' },
};
let bad = 0;
const complain = (where, what) => { bad += 1; console.log(`  ${where}: ${what}`); };

async function inspect(tab, where, shot) {
  await tab.evaluate(axe);
  const result = await tab.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }));
  for (const v of result.violations) complain(where, `${v.id} ×${v.nodes.length}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.data?.contrastRatio ?? ''}`).join(' | ')}`);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) complain(where, `${wide} px too wide`);
  if (shots) await tab.screenshot({ path: path.join(shots, `${shot}.png`), fullPage: shot.includes('print') });
}

const names = fs.readdirSync(pages).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5))
  .filter((n) => !only || only.some((o) => n.startsWith(o)));
for (const name of names) {
  const phone = PHONE.some((p) => name.startsWith(p));
  for (const theme of ['light', 'dark']) {
    for (const width of phone ? [390] : [1440, 390]) {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 844 : 900 }, locale: name.endsWith('en') ? 'en-GB' : 'zh-CN', colorScheme: theme, bypassCSP: false,
        deviceScaleFactor: width < 500 ? 2 : 1, isMobile: width < 500, hasTouch: width < 500, reducedMotion: 'reduce',
      });
      const tab = await context.newPage();
      const where = `${name} ${theme} ${width}`;
      tab.on('console', (m) => m.type() === 'error' && !m.text().includes('404') && complain(where, m.text()));
      tab.on('pageerror', (e) => complain(where, e.message));
      await tab.goto(`${base}/${name}`, { waitUntil: 'networkidle' });
      const shot = `${name}-${theme}-${width}`;
      await inspect(tab, where, shot);
      for (const [state, css] of Object.entries(STATES[name] ?? {})) {
        await tab.evaluate((s) => { const el = document.querySelector(s); el.showModal ? el.showModal() : el.showPopover(); }, css);
        await inspect(tab, `${where} ${state}`, `${shot}-${state}`);
        await tab.evaluate((s) => { const el = document.querySelector(s); el.close ? el.close() : el.hidePopover(); }, css);
      }
      await context.close();
    }
  }
}
console.log(bad ? `${bad} problems` : `looks: ${names.length} pages, nothing found`);
await browser.close();
server.close();
process.exit(bad ? 1 : 0);
