// Computes the contrast of the colour pairs the style sheet promises, light and dark (WCAG 2.2 AA):
// text 4.5, graphics and borders of fields 3. Reads the built style sheet, so the compiled colours count.
import fs from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
const { 'app.css': name } = JSON.parse(fs.readFileSync(new URL('manifest.json', dist), 'utf8'));
const css = fs.readFileSync(new URL(name, dist), 'utf8');

const tokens = { light: { white: 'ffffff' }, dark: { white: 'ffffff' } };
const hex = (h) => (h.length === 4 ? [...h.slice(1)].map((c) => c + c).join('') : h.slice(1, 7));
for (const [, token, light, dark] of css.matchAll(/--([\w-]+):var\(--lightningcss-light,\s*(#[0-9a-f]{3,8})\)\s*var\(--lightningcss-dark,\s*(#[0-9a-f]{3,8})\)/g)) {
  tokens.light[token] ??= hex(light);
  tokens.dark[token] ??= hex(dark);
}
const luminance = (h) => {
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(h.slice(i, i + 2), 16) / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};

let pairs = 0;
let bad = 0;
function check(fg, bg, least) {
  for (const theme of ['light', 'dark']) {
    pairs += 1;
    const [f, b] = [tokens[theme][fg], tokens[theme][bg]];
    const r = f && b ? ratio(f, b) : 0;
    if (r >= least) continue;
    bad += 1;
    console.log(`${theme}: ${fg} on ${bg} is ${r.toFixed(2)}, needs ${least}`);
  }
}
const tones = ['neutral', 'blue', 'cyan', 'violet', 'green', 'amber', 'orange', 'red'];
for (const bg of ['surface', 'bg', 'surface-2', 'surface-3', 'raised', 'brand-soft']) for (const fg of ['text', 'text-2', 'text-3']) check(fg, bg, 4.5);
for (const bg of ['surface', 'surface-2', 'brand-soft', 'bg']) check('brand-text', bg, 4.5);
for (const bg of ['brand', 'brand-hover', 'red-solid']) check('white', bg, 4.5);
for (const t of tones) {
  check(`${t}-fg`, `${t}-bg`, 4.5);
  check(`${t}-fg`, 'surface', 4.5);
  check(`${t}-solid`, 'surface', 3);
}
for (const g of ['field-border', 'focus', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']) check(g, 'surface', 3);
console.log(bad ? `${bad} of ${pairs} pairs too weak` : `contrast: ${pairs} pairs, all strong enough`);
process.exit(bad ? 1 : 0);
