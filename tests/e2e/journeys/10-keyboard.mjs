// Intake → order → assigned engineer without a mouse: only keys are pressed.
import assert from 'node:assert/strict';

export const name = 'keyboard only: call, order, engineer';

export async function run({ page, login, tabTo, shot }) {
  await login('manager');
  const keys = page.keyboard;
  // A number and a serial of its own, so that a second run on the same data takes a new customer, too.
  const run = String(Date.now()).slice(-8);

  // The command palette leads to the intake screen.
  await keys.press('Control+k');
  await page.locator('dialog[open] input').first().waitFor();
  await keys.type('受理');
  await page.locator('dialog[open] [aria-selected=true][data-href="/intake"]').first().waitFor();
  await keys.press('Enter');
  await page.waitForURL('**/intake');

  // A new customer with a new unit: the records come into being on saving.
  await tabTo('caller_phone');
  await keys.type(`139${run}`);
  // The panel beside the number looks for the caller; whoever types on meanwhile loses nothing.
  await tabTo('channel');
  await tabTo('customer_id_text');
  await keys.type('阳澄湖度假酒店', { delay: 15 });
  await page.waitForLoadState('networkidle');
  assert.equal(await page.locator('[name=customer_id_text]').inputValue(), '阳澄湖度假酒店');
  await tabTo('address');
  await keys.type('阳澄湖环湖路 88 号');
  // A click on a content is on record at once.
  await tabTo('content');
  await keys.press('Space');
  await page.locator('#draft', { hasText: '已登记' }).waitFor();
  const saved = await page.locator('#draft a').innerText();
  await tabTo('unit_id_text');
  await keys.type(`YK12-${run}`);
  await tabTo('model_id_text');
  await keys.type('离心式冷水机组');
  await page.locator('[role=option]:visible', { hasText: '离心式冷水机组' }).first().waitFor();
  await page.waitForLoadState('networkidle');
  await keys.press('ArrowDown');
  await keys.press('Enter');
  await tabTo('text');
  await keys.type('冷水机组停机，面板显示高压报警');
  await shot('intake');
  await keys.press('Control+Enter');
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/);
  await page.waitForLoadState('networkidle');

  // The order came of the very request that the click had saved.
  const requests = await (await page.context().request.get(`/api/v1/requests?q=${run}`)).json();
  assert.deepEqual(requests.items.map((item) => item.no), [saved]);

  // A runs the next step of the order: it is accepted, what is lacking is verified with dispatcher and customer, then an
  // engineer is chosen.
  const dialog = page.locator('dialog[open]');
  const engineer = page.locator('dialog[open] select[name=engineer_id]');
  for (let steps = 0; steps < 5 && !(await engineer.isVisible()); steps += 1) {
    await keys.press('a');
    await dialog.waitFor();
    if (await engineer.isVisible()) break;
    const again = page.waitForEvent('load');
    await keys.press('Control+Enter');
    await again;
    await page.waitForLoadState('networkidle');
  }
  await tabTo('engineer_id');
  await keys.press('ArrowDown');
  assert.notEqual(await engineer.inputValue(), '', 'an engineer is chosen');
  const verified = page.locator('dialog[open] input[name=verified]');
  if (await verified.count()) {
    await tabTo('verified');
    await keys.press('Space');
  }
  await keys.press('Control+Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('已派工').first().waitFor();
}
