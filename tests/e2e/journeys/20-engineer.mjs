// The engineer's day at 390 px: today's list, departure, arrival with place, a part from the van, signature.
import assert from 'node:assert/strict';
import { login as signIn, newContext } from '../helpers.mjs';

export const name = "engineer's phone: today, visit, part, signature";
export const device = 'phone';

/** The office takes a call and sends engineer E106: over the API, as another person in another browser. */
async function assigned(browser, base) {
  const context = await newContext(browser, base);
  try {
    const page = await context.newPage();
    await signIn(page, 'manager');
    const call = async (method, address, data) => {
      const answer = await context.request.fetch(`${base}/api/v1${address}`, { method, data, headers: { origin: base } });
      assert.ok(answer.ok(), `${method} ${address}: ${answer.status()} ${await answer.text()}`);
      return answer.json();
    };
    const engineer = (await call('GET', '/staff?q=E106')).items[0];
    const units = (await call('GET', '/units?limit=50')).items;
    const unit = units.find((candidate) => candidate.customer === '孙伟') ?? units[0];
    const request = await call('POST', '/requests', {
      channel: 'phone', topic: 'repair', caller_name: unit.customer, customer_id: unit.customer_id, unit_id: unit.id,
      text: '风机不转，室内不制冷', demand: '今天修好',
    });
    const made = await call('POST', `/requests/${request.id}/order`, { kind: 'repair_minor', mode: 'on_site', symptom: '风机不转，室内不制冷' });
    const order = made.order?.id ?? made.order_id ?? made.id;
    await call('POST', `/orders/${order}/accept`, {});
    for (const who of ['dispatcher', 'customer']) await call('POST', `/orders/${order}/verify`, { with: who });
    await call('POST', `/orders/${order}/assign`, { engineer_id: engineer.id });
    return order;
  } finally {
    await context.close();
  }
}

// The pages of a visit, whatever is under way.
const PAGES = ['', '/parts', '/wait', '/quote', '/complete', '/reports'];

export async function run({ page, base, browser, login, fitsWidth, thumbSized, axeBoth, axe, shot }) {
  const order = await assigned(browser, base);
  await login('e106');
  // What was agreed without a time is among the things to do.
  await page.goto('/m');
  await page.waitForLoadState('networkidle');
  await fitsWidth();
  await shot('phone-today');
  const visit = `/m/orders/${order}`;
  // All pages are looked at before the journey fails, so that one run tells all.
  const problems = [];
  const held = async (when) => {
    for (const check of [fitsWidth, () => thumbSized(44), axeBoth]) {
      await check().catch((error) => problems.push(`${when}: ${error.message}`));
    }
  };
  await page.goto(visit);
  await page.waitForLoadState('networkidle');
  await held('before departure');

  const settled = () => page.waitForLoadState('networkidle');
  const press = async (label) => {
    await settled();
    await page.getByRole('button', { name: label, exact: true }).last().click();
  };
  for (const box of await page.locator('input[name=ticked]').all()) await box.check({ force: true });
  await press('出发');
  await page.getByRole('button', { name: '到达签到', exact: true }).waitFor();
  await settled();
  const remark = page.locator('[name=note]:visible').first();
  if (await remark.count()) await remark.fill('物业不许拍照，门卫已登记');
  await press('到达签到');
  // Work begins with the arrival, or with a step of its own where the check comes first.
  const begin = page.getByRole('button', { name: '开工', exact: true });
  const finish = page.getByRole('link', { name: '完工签字' });
  await begin.or(finish).last().waitFor();
  await settled();
  await fitsWidth();
  await axe();
  await shot('phone-visit');
  if (await begin.isVisible()) await press('开工');
  await finish.last().waitFor();
  for (const step of PAGES) {
    const answer = await page.goto(`${visit}${step}`);
    assert.equal(answer.status(), 200, `${visit}${step}`);
    assert.equal(new URL(page.url()).pathname, `${visit}${step}`, 'the page itself');
    await settled();
    await held(`at work, ${step || 'the job'}`);
  }

  // A part from the van.
  await page.goto(`${visit}/parts`);
  const wanted = page.locator('input[role=combobox]');
  await wanted.click();
  await settled();
  // What lies in the van stands there before anything is typed.
  await page.locator('[role=option]:visible').first().click();
  await page.getByText('旧件已收回').first().click();
  await press('领用备件');
  await page.locator('main').getByText('已出库').first().waitFor();
  await fitsWidth();

  // Completion: cause, result, test run, signature.
  await page.goto(`${visit}/complete`);
  await settled();
  // A thumb scrolls what it wants to press away from the bar at the foot.
  const choose = async (css) => {
    const field = page.locator(css).first();
    await field.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await field.check({ force: true });
  };
  await choose('input[name=cause][value=product]');
  await page.locator('[name=root_cause]').fill('风机电容失效');
  await page.locator('[name=result]').fill('更换风机电容，试机正常');
  await choose('input[name=test_run]');
  const pad = page.locator('canvas').first();
  await pad.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  for (const [x, y] of [[90, 30], [120, 80], [180, 40], [230, 70]]) await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
  await page.mouse.up();
  await fitsWidth();
  // A phone drops a page by itself; what was typed and signed is there when it comes back.
  await page.reload();
  await settled();
  assert.equal(await page.locator('[name=result]').inputValue(), '更换风机电容，试机正常');
  assert.ok(await page.locator('input[name=cause][value=product]').isChecked());
  assert.match(await page.locator('[data-sign-png]').first().inputValue(), /^data:image\/png/);
  await press('提交完工单');
  await page.waitForURL((url) => !url.pathname.endsWith('/complete'));
  await page.goto(visit);
  await page.getByText('已完工').first().waitFor();
  await settled();
  await held('done');
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
