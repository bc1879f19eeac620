// Revealed fields hide themselves after their time, on Esc and when the tab is left (ORG-11).
import { $$, onContent } from './dom.js';

function hide(el) {
  const val = el.querySelector('.val');
  if (val) val.textContent = el.dataset.mask ?? '****';
  el.removeAttribute('data-open');
  el.querySelector('.mask-note')?.remove();
}
onContent((root) => {
  for (const el of [...$$('.mask[data-seconds]', root), ...(root.matches?.('.mask[data-seconds]') ? [root] : [])]) {
    if (el.dataset.timed) continue;
    el.dataset.timed = '1';
    setTimeout(() => hide(el), el.dataset.seconds * 1000);
  }
});
const hideAll = () => $$('.mask[data-seconds][data-open]').forEach(hide);
document.addEventListener('keydown', (e) => e.key === 'Escape' && hideAll());
document.addEventListener('visibilitychange', () => document.hidden && hideAll());
