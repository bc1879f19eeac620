// The main pages of the office: axe finds nothing, in light and in dark.
export const name = 'axe: office pages, light and dark';

const PAGES = [
  '/orders', '/intake', '/dispatch', '/customers', '/units', '/parts', '/stock', '/receipts/new', '/callbacks', '/pay/lines',
  '/reports', '/requests', '/staff', '/roles', '/import', '/settings', '/audit', '/notifications', '/me',
];
const RECORDS = ['/orders', '/customers', '/units', '/parts', '/callbacks?view=all'];
const TABS = ['work', 'lines', 'files', 'clocks', 'history'];
const SHEETS = ['intake', 'dispatch', 'completion', 'callback', 'audit'];

export async function run({ page, login, axe, theme, openFirst, shot }) {
  await login('admin');
  const problems = [];
  // Both themes are looked at without loading twice; every page is visited so that one run tells all.
  const look = async (label) => {
    await page.waitForLoadState('networkidle');
    for (const colorScheme of ['light', 'dark']) {
      await theme(colorScheme);
      await axe().catch((error) => problems.push(`${label} (${colorScheme}): ${error.message}`));
    }
    await theme('light');
  };
  for (const address of PAGES) {
    await page.goto(address);
    await look(address);
    if (address === '/orders') await shot('orders');
    if (address === '/dispatch') await shot('dispatch');
  }
  for (const list of RECORDS) {
    await openFirst(list);
    await look(`${list}/…`);
  }
  const order = await openFirst('/orders', '?view=week');
  await page.waitForLoadState('networkidle');
  await shot('order');
  for (const tab of TABS) {
    await page.goto(`${order}?tab=${tab}`);
    await look(`order, ${tab}`);
  }
  for (const sheet of SHEETS) {
    await page.goto(`${order}/sheets/${sheet}`);
    await look(`sheet, ${sheet}`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
