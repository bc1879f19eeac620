// Builds dist/: one style sheet, scripts, icon sprite, font, the reader of codes. Names carry a hash of the content;
// manifest.json maps logical names to them and `ui::asset` reads it. Each file gets .br and .gz twins.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import esbuild from 'esbuild';
import { transform } from 'lightningcss';

const here = path.dirname(fileURLToPath(import.meta.url));
const at = (...p) => path.join(here, ...p);
const out = at('dist');
const started = Date.now();
const files = new Map(); // name in dist → content
const manifest = {};

const hashed = (name, content) => {
  const h = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const ext = path.extname(name);
  const full = `${name.slice(0, -ext.length)}-${h}${ext}`;
  files.set(full, Buffer.from(content));
  manifest[name] = full;
  return full;
};

// Oldest browsers we compile for: see shared design notes, Windows 7 era Chromium and Safari 16.
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = {
  chrome: version(109), edge: version(109), android: version(109),
  safari: version(16, 4), ios_saf: version(16, 4), firefox: version(115),
};

const font = hashed('inter-latin-wght.woff2',
  fs.readFileSync(at('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')));
hashed('favicon.svg', fs.readFileSync(at('icons/favicon.svg')));

// Order matters only inside a layer; tokens.css declares the layers.
const sheets = ['tokens', 'base', 'layout', 'controls', 'forms', 'table', 'overlay', 'facts',
  'detail', 'areas', 'dashboard', 'phone', 'print'];
const css = sheets.map((s) => fs.readFileSync(at('css', `${s}.css`), 'utf8')).join('\n')
  .replaceAll('inter-latin-wght.woff2', font);
const sheet = transform({ filename: 'app.css', code: Buffer.from(css), minify: true, targets });
for (const w of sheet.warnings) {
  console.error('css:', w.message, w.loc);
  process.exitCode = 1;
}
hashed('app.css', sheet.code);

// Reading codes takes WebAssembly, which the policy allows in this one worker (`ui::embedded`) and nowhere else.
const wasm = hashed('zxing-reader.wasm', fs.readFileSync(at('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')));
const browsers = ['chrome109', 'safari16.4', 'firefox115'];
const worker = await esbuild.build({
  entryPoints: [at('js/worker/scan.js')], bundle: true, minify: true, format: 'iife', write: false,
  define: { WASM: JSON.stringify(`/assets/${wasm}`) }, target: browsers, legalComments: 'none', logLevel: 'warning',
});
const scanner = hashed('scan-worker.js', worker.outputFiles[0].contents);

const entries = fs.readdirSync(at('js')).filter((f) => f.endsWith('.js'));
const js = await esbuild.build({
  entryPoints: Object.fromEntries(entries.map((f) => [f.slice(0, -3), at('js', f)])),
  bundle: true, minify: true, format: 'esm', splitting: true, write: false, metafile: true,
  entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]', outdir: out, absWorkingDir: here,
  define: { SCAN_WORKER: JSON.stringify(`/assets/${scanner}`) }, target: browsers, legalComments: 'none', logLevel: 'warning',
});
for (const f of js.outputFiles) files.set(path.basename(f.path), Buffer.from(f.contents));
for (const [file, meta] of Object.entries(js.metafile.outputs)) {
  const name = path.basename(file);
  manifest[meta.entryPoint ? path.basename(meta.entryPoint) : name] = name;
  // The one part that every entry imports is worth fetching at once.
  if (!meta.entryPoint && meta.bytes > 20_000) manifest['shared.js'] = name;
}

// The sprite holds every icon whose name stands as a string literal in a Rust source.
const icons = JSON.parse(fs.readFileSync(at('node_modules/@iconify-json/tabler/icons.json'), 'utf8'));
const names = new Set();
const scan = (dir) => {
  for (const e of fs.readdirSync(dir, { withFileTypes: true })) {
    if (e.isDirectory()) scan(path.join(dir, e.name));
    else if (e.name.endsWith('.rs')) {
      for (const [, n] of fs.readFileSync(path.join(dir, e.name), 'utf8').matchAll(/"([a-z][a-z0-9-]*)"/g)) names.add(n);
    }
  }
};
for (const dir of ['platform', 'contexts', 'apps']) if (fs.existsSync(at('..', dir))) scan(at('..', dir));
const symbol = (name) => {
  const icon = icons.icons[name] ?? icons.icons[icons.aliases?.[name]?.parent];
  if (!icon) return '';
  // Outline icons take stroke and fill from the style sheet, filled ones bring their own.
  const body = name.endsWith('-filled')
    ? icon.body.replace(/^<(\w+)/, '<$1 stroke="none"')
    : icon.body.replace(/ (?:fill="none"|stroke="currentColor"|stroke-linecap="round"|stroke-linejoin="round"|stroke-width="2")/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
};
const symbols = [...names].sort().map(symbol).filter(Boolean);
hashed('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);

files.set('manifest.json', Buffer.from(JSON.stringify(manifest, null, 1)));
for (const [name, content] of [...files]) {
  if (name === 'manifest.json' || name.endsWith('.woff2')) continue;
  // Names tell the content: what was packed before is not packed again.
  const packed = (twin, pack) => files.set(twin, fs.existsSync(path.join(out, twin)) ? fs.readFileSync(path.join(out, twin)) : pack());
  packed(`${name}.br`, () => zlib.brotliCompressSync(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }));
  packed(`${name}.gz`, () => zlib.gzipSync(content, { level: 9 }));
}

// Untouched files keep their time, so that cargo rebuilds only after real changes.
fs.mkdirSync(out, { recursive: true });
for (const old of fs.readdirSync(out)) if (!files.has(old)) fs.rmSync(path.join(out, old), { recursive: true });
for (const [name, content] of files) {
  const file = path.join(out, name);
  if (!fs.existsSync(file) || !fs.readFileSync(file).equals(content)) fs.writeFileSync(file, content);
}
const kb = (n) => `${(files.get(`${manifest[n]}.br`).length / 1024).toFixed(1)} KB`;
const reader = ['scan.js', 'scan-worker.js', 'zxing-reader.wasm'].map(kb).join(' + ');
console.log(`assets: css ${kb('app.css')}, app.js ${kb('app.js')}, tech.js ${kb('tech.js')} (+ chunks), ${symbols.length} icons ${kb('icons.svg')} (brotli), on the first scan ${reader}, ${Date.now() - started} ms`);
