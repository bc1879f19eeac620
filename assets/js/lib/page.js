// Appearance, language, navigation drawer, popovers, printing, hiding of sensitive fields.
import { $, $$, cookie } from './dom.js';

const root = document.documentElement;
const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches);

function setTheme(theme) {
  root.dataset.theme = theme;
  cookie('theme', theme);
}

function drawer(open) {
  document.body.toggleAttribute('data-nav-open', open);
  const button = $('[data-nav-open]:not(body)');
  button?.setAttribute('aria-expanded', open);
  if (open) $('#nav a[aria-current],#nav a')?.focus();
  else button?.focus();
}

// The page that is open is seen in the navigation, also where that is longer than the screen.
const here = $('#nav .nav-scroll a[aria-current]');
if (here) {
  const list = here.closest('.nav-scroll');
  const below = here.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
  if (below > 0) list.scrollTop += below + list.clientHeight / 3;
}

/** One key hides every sensitive field, for this session and on the server (ORG-11). */
export async function toggleHidden() {
  const hidden = document.body.hasAttribute('data-hidden') ? '0' : '1';
  await fetch('/me/hide', { method: 'POST', body: new URLSearchParams({ hidden }), headers: { 'HX-Request': 'true' }, redirect: 'manual' });
  location.reload();
}

document.addEventListener('click', (e) => {
  const hit = (css) => e.target.closest?.(css);
  if (hit('[data-theme-toggle]')) setTheme(dark() ? 'light' : 'dark');
  const lang = hit('button[data-lang]');
  if (lang) {
    cookie('lang', lang.dataset.lang);
    location.reload();
  }
  if (hit('button[data-nav-open]')) drawer(true);
  if (hit('[data-nav-close]')) drawer(false);
  if (hit('[data-print]')) print();
  if (hit('[data-hide-toggle]')) toggleHidden();
});
document.addEventListener('submit', (e) => {
  if (!e.target.matches('[data-hide-form]')) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  toggleHidden();
}, true);
document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape' && document.body.hasAttribute('data-nav-open')) drawer(false);
});

// CSS anchor positioning is not in every webview yet, so popovers are placed here.
function place(pop) {
  const anchor = document.getElementById(pop.dataset.anchor);
  if (!anchor) return;
  const a = anchor.getBoundingClientRect();
  const [w, h, gap] = [pop.offsetWidth, pop.offsetHeight, 8];
  const x = pop.dataset.align === 'end' ? a.right - w : a.left;
  let y = a.bottom + 4;
  if (y + h > innerHeight - gap) y = Math.max(gap, a.top - h - 4);
  pop.style.left = `${Math.max(gap, Math.min(x, innerWidth - w - gap))}px`;
  pop.style.top = `${y}px`;
}
document.addEventListener('toggle', (e) => {
  if (e.newState === 'open' && e.target.matches?.('[popover][data-anchor]')) {
    place(e.target);
    ($('input[type=text]', e.target) ?? $('input:not([type=hidden]),button,a', e.target))?.focus({ preventScroll: true });
  }
}, true);
// Conditions and columns that arrive change the size.
document.addEventListener('htmx:after:swap', () => $$('[popover][data-anchor]').filter((p) => p.matches(':popover-open')).forEach(place));

// Menu: arrow down opens it, arrow keys walk through the entries.
document.addEventListener('keydown', (e) => {
  const opens = e.key === 'ArrowDown' && e.target.closest?.('button[popovertarget][aria-haspopup]');
  const target = opens && document.getElementById(opens.getAttribute('popovertarget'));
  if (target?.showPopover && !target.matches(':popover-open')) {
    e.preventDefault();
    target.showPopover();
    return;
  }
  const menu = e.target.closest?.('.pop.menu');
  if (!menu || !/^Arrow(Up|Down)$/.test(e.key)) return;
  e.preventDefault();
  const items = $$('a,button', menu);
  const next = items.indexOf(document.activeElement) + (e.key === 'ArrowDown' ? 1 : -1);
  items[(next + items.length) % items.length]?.focus();
});

// Browsers without popover: show and hide by class.
if (!('popover' in HTMLElement.prototype)) {
  root.classList.add('no-popover');
  document.addEventListener('click', (e) => {
    const id = e.target.closest?.('[popovertarget]')?.getAttribute('popovertarget');
    for (const p of $$('[popover].open')) if (p.id !== id && !p.contains(e.target)) p.classList.remove('open');
    const pop = id && document.getElementById(id);
    if (pop && pop.classList.toggle('open')) place(pop);
  });
}
