// Alt+H hides what is sensitive everywhere: list, record, print, export. Showing one value is written down.
import assert from 'node:assert/strict';

export const name = 'hidden phones: list, record, print, export; reveal is audited';

// Eleven digits within the hexadecimal end of an id are no number.
const NUMBER = /(?<![\da-f])1[3-9]\d{9}(?![\da-f])/;

export async function run({ page, login, openFirst }) {
  await login('admin');
  await page.goto('/customers');
  assert.match(await page.locator('main').innerText(), NUMBER, 'an administrator sees numbers');

  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Alt+h')]);
  await page.waitForFunction(() => document.body.hasAttribute('data-hidden'));
  assert.doesNotMatch(await page.locator('main').innerText(), NUMBER, 'the list hides');

  const customer = await openFirst('/customers');
  await page.waitForLoadState('networkidle');
  assert.doesNotMatch(await page.content(), NUMBER, 'the record hides, also in its source');

  const order = await openFirst('/orders', '?view=week');
  await page.waitForLoadState('networkidle');
  assert.doesNotMatch(await page.content(), NUMBER, 'the order hides');
  await page.goto(`${order}/sheets/completion`);
  assert.doesNotMatch(await page.content(), NUMBER, 'the print hides');

  const sheet = await page.request.get('/customers/export?format=csv');
  assert.ok(sheet.ok(), `export answers ${sheet.status()}`);
  assert.doesNotMatch(await sheet.text(), NUMBER, 'the export hides');

  await page.goto(customer);
  const reveal = page.locator('[hx-post*="/reveal/"], [data-reveal]').first();
  await reveal.click();
  await page.waitForFunction(() => /(?<!\d)1[3-9]\d{9}(?!\d)/.test(document.querySelector('main').innerText));
  await page.goto('/audit');
  assert.match(await page.locator('main').innerText(), /查看敏感信息/, 'the reveal is in the log');
}
