// The office completes an order in a dialog with a box to sign in: the pad comes with the dialog, the signature is kept as proof.
import assert from 'node:assert/strict';

export const name = 'office: a signature in the dialog of completion survives a refusal and becomes proof';

export async function run({ page, base, login }) {
  await login('manager');
  const api = async (method, address, data) => {
    const answer = await page.context().request.fetch(`${base}/api/v1${address}`, { method, data, headers: { origin: base } });
    assert.ok(answer.ok(), `${method} ${address}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  const unit = (await api('GET', '/units?limit=50')).items[1];
  const engineer = (await api('GET', '/staff?q=E106')).items[0];
  const order = await api('POST', '/orders', {
    customer_id: unit.customer_id, unit_id: unit.id, kind: 'repair_minor', mode: 'remote', symptom: '远程指导后恢复', source: 'phone', warranty: 'out',
  });
  await api('POST', `/orders/${order.id}/accept`, {});
  for (const who of ['dispatcher', 'customer']) await api('POST', `/orders/${order.id}/verify`, { with: who });
  await api('POST', `/orders/${order.id}/assign`, { engineer_id: engineer.id });
  await api('POST', `/orders/${order.id}/start`, {});
  await page.goto(`/orders/${order.id}`);
  await page.locator('[hx-get*="/ask/complete"]').first().evaluate((element) => element.click());
  const dialog = page.locator('#modal');
  const pad = dialog.locator('canvas');
  await pad.waitFor();
  await dialog.locator('[data-sign][data-ready]').waitFor();
  await pad.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  for (const [x, y] of [[90, 30], [120, 80], [180, 40], [230, 70]]) await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
  await page.mouse.up();
  await dialog.locator('input[name=cause]').first().evaluate((element) => { element.checked = true; });
  // Refused first, because something is missing: what was drawn is still there and still sent.
  await dialog.locator('[name=result]').evaluate((element) => { element.required = false; });
  await dialog.locator('button[type=submit]').last().click();
  await dialog.locator('[aria-invalid=true]').first().waitFor();
  await dialog.locator('[data-sign][data-ready]').waitFor();
  assert.ok((await dialog.locator('[data-sign-png]').inputValue()).length > 500, 'the refused dialog keeps the signature');
  await page.waitForFunction(() => {
    const canvas = document.querySelector('#modal canvas');
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  });
  await dialog.locator('[name=root_cause]').fill('设置错误');
  await dialog.locator('[name=result]').fill('远程更正设置，客户确认正常');
  await dialog.locator('button[type=submit]').last().click();
  await page.waitForFunction(() => !document.querySelector('#modal').open);
  const files = await api('GET', `/docs/order/${order.id}/files`);
  assert.ok(files.some((file) => file.name === 'signature.png' && file.size > 500), 'the signature is kept');
}
