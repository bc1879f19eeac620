// Command palette: the server searches, this walks and opens.
import { $, $$, composing } from './dom.js';

const box = $('#cmdk');
const input = box && $('input', box);
let timer;
const search = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(() => input.dispatchEvent(new CustomEvent('palette')), wait);
};

export function openPalette() {
  if (!box || box.open) return;
  box.showModal();
  input.select();
  search(0);
}
if (box) {
  new MutationObserver(() => box.open && search(0)).observe(box, { attributeFilter: ['open'] });
  input.addEventListener('input', (e) => !e.isComposing && search(120));
  input.addEventListener('compositionend', () => search(60));
  box.addEventListener('keydown', (e) => {
    if (composing(e)) return;
    const all = $$('[role=option]', box);
    const now = all.findIndex((o) => o.getAttribute('aria-selected') === 'true');
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (!all.length) return;
      const next = all[(now + (e.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length];
      for (const o of all) o.setAttribute('aria-selected', o === next);
      input.setAttribute('aria-activedescendant', next.id);
      next.scrollIntoView({ block: 'nearest' });
    } else if (e.key === 'Enter') {
      e.preventDefault();
      go(all[now], e.ctrlKey || e.metaKey);
    }
  });
  box.addEventListener('click', (e) => {
    const o = e.target.closest('[role=option]');
    if (o) go(o, e.ctrlKey || e.metaKey);
  });
}
function go(option, apart) {
  const href = option?.dataset.href;
  if (!href) return;
  if (apart) return void open(href, '_blank', 'noopener');
  box.close();
  location.assign(href);
}
