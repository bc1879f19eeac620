// The door: a stranger is led to the sign-in page, which is readable, accessible and fits a phone.
import assert from 'node:assert/strict';

export const name = 'sign-in page renders for a stranger';

export async function run({ page, axeBoth, fitsWidth, shot }) {
  await page.goto('/');
  await page.locator('input[type=password]').waitFor({ state: 'visible' });
  assert.match((await page.locator('html').getAttribute('lang')) ?? '', /^zh/);
  assert.ok((await page.title()).length > 0, 'the page has a title');
  await axeBoth();
  await shot('login');
  await page.setViewportSize({ width: 390, height: 844 });
  await fitsWidth();
}
