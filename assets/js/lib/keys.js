// The keyboard map. Every action also has a visible control; `data-key` on it is the key.
import { $, $$, composing, typing } from './dom.js';
import { openPalette } from './palette.js';
import { toggleHidden } from './page.js';

const PLACES = { o: '/orders', d: '/dispatch', c: '/customers', p: '/parts', s: '/settings' };
let went = 0; // when G was pressed

const visible = (el) => el.offsetParent !== null && !el.disabled && !el.closest('[hidden]');
const press = (key) => {
  const el = $$(`[data-key="${CSS.escape(key)}"]`).find(visible);
  el?.click();
  return Boolean(el);
};

function move(step) {
  const rows = $$('table[data-rows] tbody tr:not(.group)');
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement?.closest?.('tr'));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  for (const r of rows) r.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

document.addEventListener('keydown', (e) => {
  if (composing(e)) return;
  const key = e.key.toLowerCase();
  if ((e.ctrlKey || e.metaKey) && key === 'k') {
    e.preventDefault();
    return openPalette();
  }
  if (e.altKey && e.code === 'KeyH') {
    e.preventDefault();
    return void toggleHidden();
  }
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
    // A field that asks for it sends its form; in a dialog every place does.
    const form = e.target.matches?.('[data-ctrl-enter]') ? e.target.form : $('dialog[open] form[data-modal-form]');
    if (form) {
      e.preventDefault();
      return form.requestSubmit();
    }
  }
  if (typing(e)) {
    if (key === 'escape' && e.target.matches('[data-search]')) e.target.blur();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || $('dialog[open]')) return;
  if (e.target.closest?.('[popover]')) return;
  handle(e, key);
});

function handle(e, key) {
  if (went && Date.now() - went < 1200) {
    went = 0;
    if (PLACES[key]) location.assign(PLACES[key]);
    return;
  }
  went = 0;
  const row = document.activeElement?.closest?.('table[data-rows] tbody tr');
  const used = {
    g: () => { went = Date.now(); return true; },
    '?': () => { $('#keys')?.showModal(); return true; },
    '/': () => { const q = $('[data-search]'); q?.focus(); q?.select(); return Boolean(q); },
    j: () => move(1) || press('j'),
    k: () => move(-1) || press('k'),
    x: () => { const c = row && $('.check', row); c?.click(); return Boolean(c); },
    enter: () => {
      if (document.activeElement !== row || !row) return false;
      const link = $('a.id,a', row);
      if (link) link.click();
      else if (row.dataset.href) location.assign(row.dataset.href);
      return true;
    },
  }[key];
  if (used ? used() : key.length === 1 && press(key)) e.preventDefault();
}
