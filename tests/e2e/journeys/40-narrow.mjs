// 390 px: no page scrolls sideways; what engineers and customers press is thumb sized (the pages of a visit: 20-engineer).
import assert from 'node:assert/strict';

export const name = 'phone width: pages fit, phone controls are thumb sized';
export const device = 'phone';

const OFFICE = ['/orders', '/intake', '/dispatch', '/customers', '/units', '/parts', '/stock', '/callbacks', '/pay/lines', '/staff', '/roles', '/import', '/settings', '/audit', '/jobs', '/api', '/api/try?method=POST&path=%2Fapi%2Fv1%2Forders', '/requests', '/orders/new', '/customers/new', '/units/new'];
const DIALOGS = ['assign', 'ask/complete', 'lines/new', 'units/new'];
const PHONE = ['/m', '/m/stock', '/m/me', '/pay/mine'];

export async function run({ page, base, login, fitsWidth, thumbSized, openFirst, openDialog, axe }) {
  const problems = [];
  const look = async (label, check) => {
    await page.waitForLoadState('networkidle');
    await check().catch((error) => problems.push(`${label}: ${error.message}`));
  };
  const held = async (address) => {
    const answer = await page.goto(address);
    if (answer.status() !== 200) problems.push(`${address}: ${answer.status()}`);
    await look(address, fitsWidth);
    if (address.startsWith('/pay')) return;
    await look(address, () => thumbSized(44));
    await look(address, () => axe());
  };
  await login('admin');
  await page.context().request.put(`${base}/api/v1/settings`, { data: { key: 'intake.open_form', value: true }, headers: { origin: base } });
  for (const address of OFFICE) {
    await page.goto(address);
    await look(address, fitsWidth);
  }
  for (const list of ['/orders', '/customers', '/units', '/parts', '/callbacks?view=all']) {
    await openFirst(list);
    await look(`${list}/…`, fitsWidth);
  }
  for (const dialog of DIALOGS) {
    await openDialog(await openFirst('/orders', '?filter=state~in~in_progress'), dialog);
    await look(`dialog ${dialog}`, fitsWidth);
  }
  const unit = await openFirst('/units');
  await page.goto(`${unit}/label`);
  const sticker = (await page.locator('main').innerText()).match(/\/u\/[0-9a-z]+/)?.[0];
  assert.ok(sticker, 'the label tells its address');

  await page.context().clearCookies();
  await login('e101');
  for (const address of PHONE) await held(address);
  // What a customer sees who scans the sticker on the unit, signed in nowhere.
  await page.context().clearCookies();
  for (const address of [sticker, `${sticker}/report`, '/report', '/login']) await held(address);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
