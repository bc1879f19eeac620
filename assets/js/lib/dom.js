// Short helpers and the few texts that scripts show themselves.
export const $ = (css, root = document) => root.querySelector(css);
export const $$ = (css, root = document) => [...root.querySelectorAll(css)];
const zh = !document.documentElement.lang.startsWith('en');
export const t = (cn, en) => (zh ? cn : en);

/** Runs `fn` on the page now and on every part that arrives later. */
export function onContent(fn) {
  fn(document);
  document.addEventListener('htmx:after:process', (e) => fn(e.target));
}

/** Typing in an input method must never trigger a shortcut. */
export const composing = (e) => e.isComposing || e.keyCode === 229;

export const typing = (e) =>
  e.target instanceof Element && e.target.matches('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]');

/** A UUIDv7; `crypto.randomUUID` is missing on plain http in a company network. */
export function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i++) b[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 255;
  b[6] = (b[6] & 15) | 0x70;
  b[8] = (b[8] & 63) | 0x80;
  const h = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

export function cookie(name, value) {
  document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
}
