// Browser journeys: starts the built binary on a demo company of its own and walks through it in Chromium.
//
//   node tests/e2e/run.mjs            all journeys of tests/e2e/journeys, in order of their file names
//   ONLY=login node …                 only files whose name contains the text
//   SHOTS=1 node …                    saves what journeys call `shot` for into docs/screenshots
//   HEADED=1 node …                   shows the browser
//   BASE=http://127.0.0.1:8080 node … uses a running server instead of starting one
//
// A journey exports `name`, `async run({ page, base, login, shot, axe, … })` and, when it is made for the
// engineer's phone, `device = 'phone'`. It fails when it throws, when the page logs an error, when an
// answer is a 5xx, and when it takes too long. Journeys share one server and its data.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { helpers, launchBrowser, newContext } from './helpers.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const out = path.join(root, 'target/e2e');
const binary = process.env.AFTERCARE_BIN ?? path.join(root, 'target/debug/aftercare');
// A build server with other work on its processors is slow, not wrong: several times what the slowest takes alone.
const LIMIT_MS = 300_000;
const CLOSE_MS = 10_000;

const cleanups = [];
async function cleanUp() {
  while (cleanups.length > 0) {
    await cleanups.pop()();
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => cleanUp().finally(() => process.exit(130)));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function demoCompany(data) {
  const begun = Date.now();
  const made = spawnSync(binary, ['demo', '--data', data], { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (made.status !== 0) {
    throw new Error(`aftercare demo failed (${made.status ?? made.error})\n${made.stdout}\n${made.stderr}`);
  }
  console.error(`demo company made in ${Date.now() - begun} ms`);
}

async function startServer() {
  if (!existsSync(binary)) {
    throw new Error(`${binary} is not built: run \`make e2e\`, or set AFTERCARE_BIN`);
  }
  const work = mkdtempSync(path.join(tmpdir(), 'aftercare-e2e-'));
  cleanups.push(() => rmSync(work, { recursive: true, force: true }));
  const data = path.join(work, 'data');
  demoCompany(data);

  const base = `http://127.0.0.1:${await freePort()}`;
  const log = createWriteStream(path.join(out, 'server.log'));
  const server = spawn(binary, ['serve', '--data', data, '--listen', base.slice('http://'.length)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stdout.pipe(log, { end: false });
  server.stderr.pipe(log, { end: false });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  cleanups.push(async () => {
    server.kill('SIGTERM');
    const stubborn = setTimeout(() => server.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(stubborn);
    log.end();
  });

  const deadline = Date.now() + 60_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}\n${serverLog()}`);
    const ready = await fetch(`${base}/healthz`).then((answer) => answer.ok, () => false);
    if (ready) return base;
    if (Date.now() > deadline) throw new Error(`the server does not answer on ${base}\n${serverLog()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function serverLog() {
  const file = path.join(out, 'server.log');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-30).join('\n') : '';
}

// What a person would not see but must not happen: script errors, blocked content, 5xx.
function watch(page, trouble) {
  page.on('pageerror', (error) => trouble.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    // Refusals (4xx) are logged by the browser as errors; journeys provoke them on purpose.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
      trouble.push(`console: ${message.text()}`);
    }
  });
  page.on('response', (answer) => {
    if (answer.status() >= 500) trouble.push(`${answer.status()} from ${answer.request().method()} ${answer.url()}`);
  });
}

// Ends what may never end by itself: answers `fallback` when the limit is reached first.
async function within(ms, promise, fallback) {
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(() => resolve(fallback), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// Every journey has a browser of its own, so that one that hangs or crashes spoils no other. Chromium may never
// answer when a page is closed in the middle of a navigation: then it is left behind, and ends with this process.
async function close(browser) {
  const closed = await within(CLOSE_MS, browser.close().then(() => true, () => true), false);
  if (!closed) console.error(`note   the browser did not close within ${CLOSE_MS / 1000} s and is left behind`);
}

async function walk(base, file) {
  const journey = await import(pathToFileURL(file).href);
  const browser = await launchBrowser();
  const trouble = [];
  const begun = Date.now();
  let page;
  const steps = async () => {
    const context = await newContext(browser, base, { device: journey.device, live: journey.live });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    context.on('page', (opened) => watch(opened, trouble));
    watch(page, trouble);
    await journey.run({ browser, context, page, base, ...helpers({ base, page, root }) });
    if (trouble.length > 0) throw new Error(trouble.join('\n'));
  };
  const late = new Error(`not finished after ${LIMIT_MS / 1000} s`);
  const problem = await within(LIMIT_MS, steps().then(() => undefined, (error) => error), late);
  const label = `${journey.name ?? path.basename(file)} (${Date.now() - begun} ms)`;
  if (problem) {
    console.error(`FAILED ${label}\n${[problem.stack ?? String(problem), ...trouble].join('\n').replace(/^/gm, '    ')}`);
    const picture = path.join(out, `failed-${path.basename(file, '.mjs')}.png`);
    await within(CLOSE_MS, page?.screenshot({ path: picture, fullPage: true }).catch(() => {}));
  } else {
    console.error(`ok     ${label}`);
  }
  await close(browser);
  return !problem;
}

async function main() {
  mkdirSync(out, { recursive: true });
  const folder = path.join(here, 'journeys');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs') && file.includes(process.env.ONLY ?? ''))
    .sort();
  if (files.length === 0) throw new Error('no journey matches');
  const base = process.env.BASE ?? (await startServer());
  let passed = 0;
  for (const file of files) {
    if (await walk(base, path.join(folder, file))) passed += 1;
  }
  const failed = files.length - passed;
  if (failed > 0) console.error(`server log:\n${serverLog()}`);
  await cleanUp();
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  async (error) => {
    console.error(error.stack ?? error);
    await cleanUp();
    console.log('0 passed, 1 failed');
    process.exit(1);
  },
);
