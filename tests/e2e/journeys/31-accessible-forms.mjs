// Forms, open dialogs and the pages beside the daily work: axe finds nothing, in light and in dark.
export const name = 'axe: forms, dialogs, settings pages, light and dark';

const PAGES = [
  '/requests', '/models', '/prices', '/warranty/policies', '/supervision', '/jobs', '/api', '/api/try?method=POST&path=%2Fapi%2Fv1%2Forders', '/report',
  '/orders/new', '/customers/new', '/units/new', '/parts/new', '/models/new', '/calls/new',
];
// Dialogs of an order at work, by the address that their button asks for.
const DIALOGS = ['assign', 'ask/complete', 'ask/wait', 'lines/new', 'units/new'];

export async function run({ page, base, login, axe, theme, openFirst, openDialog }) {
  await login('admin');
  const problems = [];
  const look = async (label) => {
    await page.waitForLoadState('networkidle');
    for (const colorScheme of ['light', 'dark']) {
      await theme(colorScheme);
      await axe().catch((error) => problems.push(`${label} (${colorScheme}): ${error.message}`));
    }
    await theme('light');
  };
  const ask = async (method, address, data) =>
    (await page.context().request.fetch(`${base}/api/v1${address}`, { method, data, headers: { origin: base } })).json();
  // The form for strangers is there where the company wants it.
  await ask('PUT', '/settings', { key: 'intake.open_form', value: true });
  for (const address of PAGES) {
    const answer = await page.goto(address);
    if (answer.status() !== 200) problems.push(`${address}: ${answer.status()}`);
    await look(address);
  }
  const working = await openFirst('/orders', '?filter=state~in~in_progress');
  for (const dialog of DIALOGS) {
    await openDialog(working, dialog);
    await look(`dialog ${dialog}`);
  }
  // An order about which little is known: verified in two steps before it is assigned.
  const customer = (await ask('GET', '/customers?limit=1')).items[0];
  const lacking = await ask('POST', '/orders', { customer_id: customer.id, kind: 'repair_minor', mode: 'on_site' });
  for (const dialog of ['ask/verify', 'assign']) {
    await openDialog(`/orders/${lacking.id}`, dialog);
    await look(`dialog ${dialog}, data lacking`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
