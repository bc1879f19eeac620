// The camera beside a field: a part's bar code, a unit's label, a refused camera, a photo instead. The camera is the
// browser's own pretended one, which plays a picture made here.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { axeBoth, fitsWidth, launchBrowser, login, newContext, thumbSized } from '../helpers.mjs';

export const name = 'camera: a bar code adds a line, finds a part, a label gives the serial; refused, it says so';

/** Code 39: nine bars and gaps a letter, three of them wide. */
const LETTERS = {
  '0': 'nnnwwnwnn', '1': 'wnnwnnnnw', '2': 'nnwwnnnnw', '3': 'wnwwnnnnn', '4': 'nnnwwnnnw', '5': 'wnnwwnnnn', '6': 'nnwwwnnnn',
  '7': 'nnnwnnwnw', '8': 'wnnwnnwnn', '9': 'nnwwnnwnn', P: 'nnwnwnnwn', T: 'nnnnwnwwn', '-': 'nwnnnnwnw', '*': 'nwnnwnwnn',
};
function barCode(text) {
  let at = 0;
  const bars = [...`*${text}*`].map((letter) => [...LETTERS[letter]].map((kind, n) => {
    const width = kind === 'w' ? 6 : 2.4;
    const bar = n % 2 === 0 ? `<rect x="${at}" width="${width}" height="100"/>` : '';
    at += width + (n === 8 ? 2.4 : 0);
    return bar;
  }).join('')).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${at}" height="100">${bars}</svg>`;
}

export async function run({ browser, base }) {
  const work = mkdtempSync(path.join(tmpdir(), 'aftercare-scan-'));
  const open = [];
  const camera = async (picture, asked = true) => {
    const film = path.join(work, `${open.length}.mjpeg`);
    writeFileSync(film, picture);
    const made = await launchBrowser([
      ...(asked ? ['--use-fake-ui-for-media-stream'] : []),
      '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`,
    ]);
    open.push(made);
    return made;
  };
  const picture = async (svg) => {
    const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
    await page.setContent(`<body style="margin:0;height:480px;background:#fff;display:grid;place-items:center">${svg}</body>`);
    const taken = await page.screenshot({ type: 'jpeg', quality: 92 });
    await page.close();
    return taken;
  };
  const visit = async (where, user, device, asked = true) => {
    const context = await newContext(where, base, { device });
    if (asked) await context.grantPermissions(['camera'], { origin: base });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const blocked = [];
    page.on('console', (message) => { if (/Content.Security.Policy/i.test(message.text())) blocked.push(message.text()); });
    await login(page, user);
    return { page, blocked };
  };
  try {
    const code = await picture(barCode('PT-11063'));
    const sees = await camera(code);

    const { page: store, blocked } = await visit(sees, 'store', 'desk');
    await store.goto('/receipts/new');
    const quantity = store.locator('[name="lines.0.quantity"]');
    for (const times of ['1', '2']) {
      await store.locator('[data-scan=f-scan]').click();
      await store.waitForFunction((n) => document.querySelector('[name="lines.0.quantity"]')?.value === n, times);
    }
    assert.match(await store.locator('[name="lines.0.part_text"]').inputValue(), /^PT-11063 /);
    assert.equal(await quantity.count(), 1);
    // A line that was scanned by mistake goes again.
    await store.goto('/transfers/new');
    await store.locator('[data-scan=f-scan]').click();
    await quantity.waitFor();
    await store.getByRole('button', { name: '删除第 1 行' }).click();
    await quantity.waitFor({ state: 'detached' });
    assert.deepEqual(blocked, [], 'the policy of pages stays as it is');

    const { page: phone } = await visit(sees, 'e101', 'phone');
    await phone.goto('/m/stock');
    await phone.locator('[data-scan=f-q]').click();
    await phone.waitForURL(/q=PT-11063/);
    await phone.getByText('冷凝器清洗剂').first().waitFor();
    await phone.goto('/m');
    const order = await phone.locator('a[href^="/m/orders/"]').first().getAttribute('href');
    await phone.goto(`${order}/parts`);
    await phone.locator('[data-scan=f-part_id]').click();
    await phone.waitForFunction(() => document.querySelector('[name=part_id]')?.value.length === 36);

    // Somebody who does not allow it is told so, and takes a photo instead.
    const { page: shy } = await visit(await camera(code, false), 'e101', 'phone', false);
    await shy.goto('/m/stock');
    await shy.locator('[data-scan=f-q]').click();
    await shy.getByText('没有使用摄像头的权限').waitFor();
    await fitsWidth(shy);
    await thumbSized(shy);
    await axeBoth(shy);
    await shy.setInputFiles('dialog.scan input[type=file]', { name: 'code.jpg', mimeType: 'image/jpeg', buffer: code });
    await shy.waitForURL(/q=PT-11063/);
    await shy.context().addCookies([{ name: 'lang', value: 'en', url: base }]);
    await shy.goto('/m/stock');
    await shy.getByRole('button', { name: 'Scan with the camera' }).click();
    await shy.getByText('The camera is not allowed here').waitFor();
    await shy.getByRole('button', { name: 'Close' }).click();
    assert.equal(await shy.evaluate(() => document.activeElement.name), 'q', 'on to typing');

    // The label of a unit stands for its serial number.
    const { page: agent } = await visit(browser, 'agent', 'desk', false);
    const units = await (await agent.request.get('/api/v1/units?limit=20')).json();
    const unit = units.items.find((one) => one.serial);
    const label = await (await agent.request.get(`/units/${unit.id}/qr.svg`)).text();
    const { page: desk } = await visit(await camera(await picture(label.replace(/^<\?xml[^>]*>/, ''))), 'agent', 'desk');
    await desk.goto('/orders/new');
    await desk.locator('[data-scan=f-unit_id]').click();
    await desk.waitForFunction((id) => document.querySelector('[name=unit_id]')?.value === id, unit.id);
    assert.match(await desk.locator('#f-unit_id').inputValue(), new RegExp(unit.serial));
  } finally {
    for (const made of open) await made.close();
    rmSync(work, { recursive: true, force: true });
  }
}
