// The main pages of the office: axe finds nothing, in light and in dark.
export const name = 'axe: office pages, light and dark';

const PAGES = [
  '/orders', '/intake', '/dispatch', '/customers', '/units', '/parts', '/stock', '/receipts/new', '/callbacks', '/pay/lines',
  '/staff', '/roles', '/import', '/settings', '/audit', '/notifications', '/me', '/requests', '/models', '/prices', '/warranty',
  '/supervision', '/jobs', '/api/try', '/report',
  '/orders/new', '/customers/new', '/units/new', '/parts/new', '/models/new', '/calls/new',
];
// Dialogs of an order at work, by the address that their button asks for.
const DIALOGS = ['assign', 'ask/complete', 'ask/wait', 'lines/new', 'units/new'];
const RECORDS = ['/orders', '/customers', '/units', '/parts', '/callbacks?view=all'];
const TABS = ['work', 'lines', 'files', 'clocks', 'history'];
const SHEETS = ['intake', 'dispatch', 'completion', 'callback', 'audit'];

export async function run({ page, base, login, axe, theme, openFirst, openDialog, shot }) {
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
  const working = await openFirst('/orders', '?filter=state~in~in_progress');
  for (const dialog of DIALOGS) {
    await openDialog(working, dialog);
    await look(`dialog ${dialog}`);
  }
  // An order about which little is known: verified in two steps before it is assigned.
  const ask = async (method, address, data) =>
    (await page.context().request.fetch(`${base}/api/v1${address}`, { method, data, headers: { origin: base } })).json();
  const customer = (await ask('GET', '/customers?limit=1')).items[0];
  const lacking = await ask('POST', '/orders', { customer_id: customer.id, kind: 'repair_minor', mode: 'on_site' });
  for (const dialog of ['ask/verify', 'assign']) {
    await openDialog(`/orders/${lacking.id}`, dialog);
    await look(`dialog ${dialog}, data lacking`);
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
