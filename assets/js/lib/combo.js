// Fields that find a record while typing. The server matches (pinyin too), so nothing is filtered here.
import { $, $$, composing } from './dom.js';

const parts = (el) => {
  const box = el.closest('[data-combo]');
  return { box, input: $('[role=combobox]', box), id: $('[data-combo-id]', box), list: $('[role=listbox]', box) };
};
const show = (p, on) => {
  p.list.hidden = !on;
  p.input.setAttribute('aria-expanded', on);
  if (!on) p.input.removeAttribute('aria-activedescendant');
};
const timers = new WeakMap();

function search(input, wait) {
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(() => input.dispatchEvent(new CustomEvent('combo')), wait));
}
function choose(p, option) {
  p.input.value = option.dataset.text;
  p.id.value = option.dataset.id;
  show(p, false);
  p.id.dispatchEvent(new Event('change', { bubbles: true }));
}
function mark(p, step) {
  const all = $$('[role=option]:not([aria-disabled])', p.list);
  if (!all.length) return;
  const now = all.findIndex((o) => o.getAttribute('aria-selected') === 'true');
  const next = all[(now + step + all.length) % all.length] ?? all[0];
  for (const o of all) o.setAttribute('aria-selected', o === next);
  next.id ||= `${p.list.id}-${all.indexOf(next)}`;
  p.input.setAttribute('aria-activedescendant', next.id);
  next.scrollIntoView({ block: 'nearest' });
}

/** Looks for what was scanned, and takes it when that is one thing. */
export function find(input, text) {
  input.value = text;
  input.dataset.found = '';
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('htmx:config:request', (e) => {
  const { ctx } = e.detail;
  if (ctx.sourceElement?.matches?.('[data-combo] [role=combobox]')) ctx.request.body?.set?.('q', ctx.sourceElement.value);
});
document.addEventListener('htmx:after:swap', (e) => {
  const list = e.detail.ctx?.target;
  if (!list?.matches?.('[data-combo] [role=listbox]')) return;
  const p = parts(list);
  if (p.input.dataset.found !== undefined) {
    delete p.input.dataset.found;
    const offered = $$('[role=option]', list).filter((o) => o.dataset.id);
    const exact = offered.filter((o) => o.dataset.text.split(' ')[0] === p.input.value);
    const sure = exact.length ? exact : offered;
    if (sure.length === 1) return choose(p, sure[0]);
    p.input.focus();
  }
  show(p, document.activeElement === p.input && list.childElementCount > 0);
});
document.addEventListener('input', (e) => {
  if (!e.target.matches?.('[data-combo] [role=combobox]')) return;
  const p = parts(e.target);
  if (p.id.value) {
    p.id.value = '';
    p.id.dispatchEvent(new Event('change', { bubbles: true }));
  }
  if (!e.isComposing) search(e.target, 160);
});
document.addEventListener('compositionend', (e) => {
  if (e.target.matches?.('[data-combo] [role=combobox]')) search(e.target, 60);
});
document.addEventListener('focusin', (e) => {
  if (e.target.matches?.('[data-combo] [role=combobox]') && !e.target.value) search(e.target, 0);
});
document.addEventListener('focusout', (e) => {
  if (e.target.matches?.('[data-combo] [role=combobox]')) setTimeout(() => show(parts(e.target), false), 120);
});
document.addEventListener('keydown', (e) => {
  if (!e.target.matches?.('[data-combo] [role=combobox]') || composing(e)) return;
  const p = parts(e.target);
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
    e.preventDefault();
    if (p.list.hidden) search(p.input, 0);
    else mark(p, e.key === 'ArrowDown' ? 1 : -1);
  } else if (e.key === 'Enter' && !p.list.hidden) {
    const o = $('[aria-selected=true]', p.list);
    e.preventDefault();
    if (o) choose(p, o);
    else show(p, false);
  } else if (e.key === 'Escape' && !p.list.hidden) {
    e.stopPropagation();
    e.preventDefault();
    show(p, false);
  }
});
// Before focus leaves the input, so that the choice is not lost.
document.addEventListener('pointerdown', (e) => {
  const o = e.target.closest?.('[data-combo] [role=option]:not([aria-disabled])');
  if (!o) return;
  e.preventDefault();
  choose(parts(o), o);
});
