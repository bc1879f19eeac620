// Messages that go by themselves after 6 s, unless they hold an action or the pointer rests on them.
import { t } from './dom.js';

const box = document.getElementById('toasts');

/** Shows a message made here; the server sends its own as <hx-partial>. */
export function toast(tone, title, detail = '') {
  if (!box) return;
  const el = document.createElement('div');
  el.className = `toast tone-${tone}`;
  const body = document.createElement('div');
  const head = document.createElement('b');
  head.textContent = title;
  body.append(head);
  if (detail) {
    const p = document.createElement('p');
    p.textContent = detail;
    body.append(p);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn ghost sm';
  close.dataset.dismiss = '';
  close.textContent = t('关闭', 'Close');
  el.append(document.createElement('i'), body, close);
  box.append(el);
}
document.addEventListener('click', (e) => {
  if (e.target.closest?.('[data-dismiss]')) e.target.closest('.toast')?.remove();
});
function arm(el) {
  if (!el.matches?.('.toast:not([data-sticky])')) return;
  let timer;
  const go = () => { timer = setTimeout(() => el.remove(), 6000); };
  el.addEventListener('pointerenter', () => clearTimeout(timer));
  el.addEventListener('pointerleave', go);
  go();
}
if (box) {
  [...box.children].forEach(arm);
  new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach(arm))).observe(box, { childList: true });
}
