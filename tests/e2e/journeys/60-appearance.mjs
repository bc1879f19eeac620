// Theme and language are one press away and stay on the next page.
import assert from 'node:assert/strict';

export const name = 'theme and language switch';

export async function run({ page, login, shot }) {
  await login('manager');
  const html = page.locator('html');
  await page.locator('[data-theme-toggle]:visible').first().click();
  assert.equal(await html.getAttribute('data-theme'), 'dark');
  const order = await page.locator('table[data-rows] tbody tr a[href]').nth(3).getAttribute('href');
  await page.goto(order);
  assert.equal(await html.getAttribute('data-theme'), 'dark', 'the next page is dark, too');
  await page.waitForLoadState('networkidle');
  await shot('order-dark');

  await page.goto('/me');
  const english = page.locator('button[data-lang=en]');
  await page.evaluate(() => document.querySelector('button[data-lang=en]').click());
  await page.waitForLoadState('load');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  assert.equal(await english.count(), 0, 'the switch offers Chinese now');

  // Nothing Chinese is left in headings, navigation, buttons and column heads of an English page.
  const left = [];
  for (const address of ['/orders', '/intake', '/dispatch', '/customers', '/parts', '/stock', '/callbacks', '/pay/lines', '/staff']) {
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    const found = await page.evaluate(() =>
      [...document.querySelectorAll('h1, nav:not(.tree) a, th:not([scope=rowgroup]), button:not([data-lang]), label, .btn:not([href*="&area="])')]
        .map((element) => element.textContent.trim())
        .filter((text) => text.length > 1 && /[\u4e00-\u9fff]/.test(text)),
    );
    // Names of people, customers, offices, goods and places are data and stay as they are; so trees and group heads are left out.
    const own = new Set(['Aftercare 售后一体化']);
    left.push(...found.filter((text) => !own.has(text)).map((text) => `${address}: ${text.slice(0, 60)}`));
  }
  assert.deepEqual(left, [], 'Chinese on English pages');
}
