// A customer at 390 px: reports a fault with a photo from the unit's code, follows, writes, accepts and rates. Then the
// customer calls, and the agent's browser shows who it is before anything is typed.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { axeBoth as accessible, login as signIn, newContext } from '../helpers.mjs';

export const name = "customer's phone: report, follow, accept, rate; a call pops up at the desk";
export const device = 'phone';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const SIGNATURE = `data:image/png;base64,${PNG}`;

/** Somebody of the office, in another browser, over the API. */
async function office(browser, base, user, live = false) {
  const context = await newContext(browser, base, { live });
  const page = await context.newPage();
  await signIn(page, user);
  const call = async (method, address, data) => {
    const answer = await context.request.fetch(`${base}/api/v1${address}`, { method, data, headers: { origin: base } });
    assert.ok(answer.ok(), `${method} ${address}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  return { context, page, call };
}

export async function run({ page, base, browser, fitsWidth, thumbSized, axeBoth, shot }) {
  const manager = await office(browser, base, 'manager');
  const problems = [];
  const held = async (when) => {
    await page.waitForLoadState('networkidle');
    for (const check of [fitsWidth, () => thumbSized(44), axeBoth]) {
      await check().catch((error) => problems.push(`${when}: ${error.message}`));
    }
  };
  try {
    // The label on the machine.
    const units = (await manager.call('GET', '/units?limit=100')).items;
    const unit = units.find((one) => one.customer === '郝淑琴') ?? units[0];
    const full = await manager.call('GET', `/units/${unit.id}`);
    const label = full.public_path ?? full.unit.public_path;
    await page.goto(label);
    await held('unit page');
    await shot('customer-unit', { fullPage: true });
    assert.ok(!(await page.content()).includes(unit.customer), 'nothing of the owner');

    await page.getByRole('link', { name: '报修' }).click();
    await page.fill('[name=name]', '郝淑琴');
    await page.fill('[name=phone]', '13800136027');
    await page.fill('[name=text]', '净水器一直滴水，滤芯刚换过');
    await page.locator('[name=content]').selectOption({ index: 1 });
    await page.setInputFiles('[name=photo]', { name: 'leak.png', mimeType: 'image/png', buffer: Buffer.from(PNG, 'base64') });
    await held('report');
    await page.getByRole('button', { name: '提交' }).click();
    await page.waitForURL(/\/r\//);
    const request = page.url();
    await page.getByText('已收到').first().waitFor();
    await held('request');

    // The office sees it with its photo, makes an order of it, and an engineer does the work.
    const list = await manager.call('GET', '/requests?filter=channel~in~web&sort=-created_at');
    const found = await manager.call('GET', `/requests/${list.items[0].id}`);
    assert.equal(found.caller_name, '郝淑琴');
    const files = await manager.call('GET', `/docs/request/${found.id}/files`);
    assert.equal(files.length, 1, 'the photo is there');
    const engineer = (await manager.call('GET', '/staff?q=E106')).items[0];
    const made = await manager.call('POST', `/requests/${found.id}/order`, { kind: 'repair_minor', mode: 'on_site', symptom: '滴水' });
    const order = made.order?.id ?? made.order_id ?? made.id;
    await manager.call('POST', `/orders/${order}/accept`, {});
    for (const who of ['dispatcher', 'customer']) await manager.call('POST', `/orders/${order}/verify`, { with: who });
    await manager.call('POST', `/orders/${order}/assign`, { engineer_id: engineer.id });

    await page.goto(request);
    await page.getByRole('link', { name: '查看进度、留言、评价' }).click();
    await page.getByText('已安排工程师').first().waitFor();
    const key = await manager.call('GET', `/orders/${order}/key`);
    await page.getByText(key.code).waitFor();
    await page.fill('textarea[name=message]', '请带一个新的接头');
    await page.getByRole('button', { name: '发送' }).click();
    await page.getByText('请带一个新的接头').waitFor();
    await held('order under way');
    const heard = await manager.call('GET', `/orders/${order}/messages`);
    assert.equal(heard.at(-1).text, '请带一个新的接头');

    await manager.call('POST', `/orders/${order}/start`, {});
    const lines = (await manager.call('GET', `/orders/${order}`)).items ?? [];
    await manager.call('POST', `/orders/${order}/complete`, {
      cause: 'product', root_cause: '接头开裂', result: '更换接头，试压正常', signature: SIGNATURE,
      used: lines.filter((line) => line.kind === 'part').map((line) => ({ id: line.id, quantity: line.quantity })),
    });
    await page.reload();
    await held('work finished');
    await shot('customer-order', { fullPage: true });
    await page.getByRole('button', { name: '确认已修好' }).click();
    await page.getByText('您已确认完工').first().waitFor();
    for (const field of ['quality', 'attitude']) await page.locator(`input[name=${field}][value="5"]`).check({ force: true });
    await page.locator('#f-text').fill('来得很快');
    await page.getByRole('button', { name: '提交评价' }).click();
    await page.getByText('已收到您的评价').waitFor();
    const state = await manager.call('GET', `/orders/${order}`);
    assert.equal(state.callback_class, 'satisfied');
    await held('rated');

    // The customer calls. The agent sits at telephone 801 with any page open.
    const agent = await office(browser, base, 'agent', true);
    try {
      await agent.call('PUT', '/call-extensions', { extension: '801' });
      await agent.page.goto('/orders');
      await agent.page.waitForTimeout(800);
      const customer = await manager.call('GET', '/customers?limit=1&q=%E9%83%9D%E6%B7%91%E7%90%B4');
      const phone = '138' + String(10_000_000 + 49 * 7919).padStart(8, '0');
      const begun = Date.now();
      const rung = await manager.call('POST', '/calls/events', { call_id: `e2e-${begun}`, event: 'ring', extension: '801', caller: phone, line: '4008123600' });
      const card = agent.page.locator(`[data-pop="${rung.id}"]`);
      await card.waitFor({ timeout: 3000 });
      const took = Date.now() - begun;
      assert.ok(took < 1000, `the card came after ${took} ms`);
      assert.equal(customer.items.length, 1);
      await accessible(agent.page);
      if (process.env.SHOTS === '1') await agent.page.screenshot({ path: 'docs/screenshots/call.png' });
      // Another page of the same browser shows it too, and a call that ends says so.
      await agent.page.goto('/customers');
      await card.waitFor({ timeout: 3000 });
      await manager.call('POST', '/calls/events', { call_id: `e2e-${begun}`, event: 'answer', extension: '801' });
      await card.getByText('通话中').waitFor({ timeout: 3000 });
      await card.getByRole('link', { name: '受理' }).click();
      await agent.page.waitForURL(/\/intake\?/);
      assert.equal(await agent.page.inputValue('#f-caller_phone'), phone);
      assert.equal(await card.count(), 0, 'the card has done its work');
    } finally {
      await agent.context.close();
    }
  } finally {
    await manager.context.close();
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
