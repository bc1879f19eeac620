import { launchBrowser, newContext, login, theme } from './helpers.mjs';
const base = 'http://127.0.0.1:8694';
const browser = await launchBrowser();
const wanted = process.argv[2] ? process.argv[2].split(',') : null;
const api = async (page, path) => page.evaluate(async (p) => (await fetch('/api/v1' + p, { headers: { accept: 'application/json' } })).json(), path);
const desk = await (await newContext(browser, base)).newPage();
await login(desk);
const t = (await api(desk, '/process-templates?filter=code~eq~forklift')).items[0].id;
const docs = (await api(desk, '/documents?filter=code~eq~computer-shop')).items[0].id;
const fork = (await api(desk, '/documents?filter=code~eq~forklift')).items[0].id;
const units = (await api(desk, '/workshop?limit=5')).items;
const pages = {
  templates: '/process-templates', template: `/process-templates/${t}`, text: `/process-templates/${t}?view=text`, form: `/process-templates/${t}?view=form`,
  dry: `/process-templates/${t}/dry-run`, board: '/reports', bench: '/workshop', unit: units[0] ? `/workshop/units/${units[0].id}` : '/workshop', inbox: '/inbox',
  custom: '/documents/of/front-desk-repair', doc: `/documents/${docs}`, fork: `/documents/${fork}`, schemes: '/approval-schemes', docsnew: '/documents/new', docs: '/documents',
};
for (const [device, scheme] of [['desk', 'light'], ['desk', 'dark'], ['phone', 'light'], ['phone', 'dark']]) {
  const page = await (await newContext(browser, base, { device, colorScheme: scheme })).newPage();
  await login(page, 'admin');
  for (const [name, path] of Object.entries(pages)) {
    if (wanted && !wanted.includes(name)) continue;
    await page.goto(path);
    await page.setViewportSize({ width: device === 'phone' ? 390 : 1440, height: 2300 }); await theme(page, scheme);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) console.log('WIDE', device, name, wide);
    await page.screenshot({ path: `/tmp/s4/shots/${name}-${device}-${scheme}.png`, fullPage: true });
  }
}
const boss = await (await newContext(browser, base, { device: 'phone' })).newPage();
await login(boss, 'manager');
await boss.goto('/inbox');
await boss.screenshot({ path: '/tmp/s4/shots/inbox-manager-phone.png', fullPage: true });
await browser.close();
