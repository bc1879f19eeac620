// The engineer's day at 390 px: today's list, departure, arrival with place, a part from the van, signature.
import assert from 'node:assert/strict';

export const name = "engineer's phone: today, visit, part, signature";
export const device = 'phone';

export async function run({ page, base, browser, login, fitsWidth, axe, shot }) {
  const order = await assigned(browser, base);
  await login('e106');
  await page.goto('/m');
  await page.locator(`a[href="/m/orders/${order}"]`).first().waitFor();
  await fitsWidth();
  await shot('phone-today');
  await page.locator(`a[href="/m/orders/${order}"]`).first().click();
  await page.waitForURL(`**/m/orders/${order}`);

  const next = async (label) => {
    await page.waitForLoadState('networkidle');
    await page.locator('main, footer, body').getByRole('button', { name: label, exact: true }).last().click();
  };
  await next('出发');
  await page.getByRole('button', { name: '到达签到' }).waitFor();
  await next('到达签到');
  await page.getByRole('button', { name: '开工' }).waitFor();
  await fitsWidth();
  await axe();
  await shot('phone-visit');
  await next('开工');
  await page.waitForLoadState('networkidle');
  await page.goto(`/m/orders/${order}/parts`);
  await page.locator('input[role=combobox]').fill('风机电容');
  await page.locator('[role=option]:visible').first().click();
  await page.getByText('旧件已收回').click();
  await next('领用备件');
  await page.locator('main').getByText('风机电容').first().waitFor();
}
