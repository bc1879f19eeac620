// 390 px: no page scrolls sideways; what the engineer presses is thumb sized.
export const name = 'phone width: pages fit, phone controls are thumb sized';
export const device = 'phone';

const OFFICE = ['/orders', '/intake', '/dispatch', '/customers', '/units', '/parts', '/stock', '/callbacks', '/pay/lines', '/staff', '/roles', '/import', '/settings', '/audit'];
const PHONE = ['/m', '/m/stock', '/m/me', '/pay/mine'];

export async function run({ page, base, login, fitsWidth, thumbSized, openFirst, axe }) {
  const problems = [];
  const look = async (label, check) => {
    await page.waitForLoadState('networkidle');
    await check().catch((error) => problems.push(`${label}: ${error.message}`));
  };
  await login('admin');
  for (const address of OFFICE) {
    await page.goto(address);
    await look(address, fitsWidth);
  }
  for (const list of ['/orders', '/customers', '/units', '/parts', '/callbacks']) {
    await openFirst(list);
    await look(`${list}/…`, fitsWidth);
  }
  await page.context().clearCookies();
  await login('e101');
  for (const address of PHONE) {
    const answer = await page.goto(address);
    if (answer.status() !== 200) problems.push(`${address}: ${answer.status()}`);
    await look(address, fitsWidth);
    if (address.startsWith('/m')) {
      await look(address, () => thumbSized(44));
      await look(address, () => axe());
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
