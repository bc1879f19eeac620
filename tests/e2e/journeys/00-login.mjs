// The door: a stranger is led to the sign-in page; a wrong password stays outside, the right one comes in.
import assert from 'node:assert/strict';

export const name = 'sign-in: page, wrong password, right password, sign-out';

export async function run({ page, axeBoth, fitsWidth, login }) {
  await page.goto('/');
  await page.locator('input[type=password]').waitFor({ state: 'visible' });
  assert.match((await page.locator('html').getAttribute('lang')) ?? '', /^zh/);
  assert.ok((await page.title()).length > 0, 'the page has a title');
  await axeBoth();

  await page.fill('input[name=login]', 'agent');
  await page.fill('input[name=password]', 'not-the-password');
  await page.keyboard.press('Enter');
  await page.locator('[role=alert], .err, .alert').first().waitFor({ state: 'visible' });
  assert.match(new URL(page.url()).pathname, /^\/login/);
  assert.equal(await page.inputValue('input[name=login]'), 'agent', 'the name stays typed');
  await page.goto('/orders');
  assert.match(new URL(page.url()).pathname, /^\/login/, 'nothing opens without signing in');

  await login('agent');
  assert.match(new URL(page.url()).pathname, /^\/intake/, 'who takes calls begins where calls are taken');
  await page.locator('main h1').first().waitFor();

  // A session that ends while somebody types: they sign in beside the page, and what they typed is sent after all.
  await page.fill('#f-caller_phone', '13900001234');
  await page.fill('#f-text', '会话结束前填写的内容');
  await page.context().clearCookies();
  await page.keyboard.press('Alt+s');
  await page.locator('#signin[open]').waitFor();
  assert.equal(await page.inputValue('#f-text'), '会话结束前填写的内容', 'nothing typed is thrown away');
  const [door] = await Promise.all([page.waitForEvent('popup'), page.click('[data-sign-in]')]);
  await door.fill('input[name=login]', 'agent');
  await door.fill('input[name=password]', 'aftercare-demo');
  await door.keyboard.press('Enter');
  await page.waitForURL(/\/requests\//, { timeout: 15_000 });
  await page.getByText('会话结束前填写的内容').first().waitFor();

  await page.setViewportSize({ width: 390, height: 844 });
  await fitsWidth();
  await page.context().clearCookies();
  await page.goto('/customers');
  assert.match(new URL(page.url()).pathname, /^\/login/);
  await fitsWidth();
}
