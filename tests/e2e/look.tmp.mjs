import { launchBrowser, newContext, login, openFirst, theme } from './helpers.mjs';
const base='http://127.0.0.1:8099';
const browser = await launchBrowser();
const out='/tmp/shots/';
const scheme=process.argv[2]||'light'; const device=process.argv[3]||'desk';
const ctx = await newContext(browser, base, { colorScheme: scheme, device });
const page = await ctx.newPage();
await login(page, process.argv[4]||'admin');
const order = await openFirst(page,'/orders','?view=week').catch(()=>openFirst(page,'/orders'));
const list = process.argv.slice(5);
for (const p of list) {
  let url=p.replace('{order}',order);
  const m=url.match(/^first:(.*)$/);
  if(m){ url=await openFirst(page,m[1]); } else await page.goto(url);
  await page.waitForLoadState('networkidle');
  await page.screenshot({path: out+scheme+'-'+device+'-'+p.replace(/[^a-z0-9]+/gi,'_')+'.png', fullPage: device==='phone'});
}
await browser.close();
