// The storekeeper makes a part and changes it, by the buttons of the page.
import assert from 'node:assert/strict';

export const name = 'storekeeper: a part is made and changed';

export async function run({ page, login }) {
  await login('store');
  await page.goto('/parts/new');
  const form = page.locator('#main form').last();
  await form.locator('[name=code]').fill('E2E-PART-1');
  await form.locator('[name=name]').fill('密封圈');
  await form.locator('[name=storage_form]').selectOption({ index: 1 });
  await form.locator('button[type=submit]').last().click();
  await page.waitForURL((url) => /^\/parts\/[0-9a-f-]{36}$/.test(url.pathname));
  const part = new URL(page.url()).pathname;
  const chosen = async () => page.locator('[name=storage_form]').inputValue();
  await page.goto(`${part}/edit`);
  const made = await chosen();
  await page.locator('#main form [name=name]').last().fill('密封圈 40×3');
  await page.locator('#main form [name=storage_form]').selectOption({ index: 0 });
  await page.locator('#main form button[type=submit]').last().click();
  await page.waitForURL((url) => url.pathname === part);
  await page.getByText('密封圈 40×3').first().waitFor();
  await page.goto(`${part}/edit`);
  assert.notEqual(await chosen(), made, 'the other storage form is kept');
}
