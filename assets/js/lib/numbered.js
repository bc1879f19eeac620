// Text whose faults are told by line has its lines numbered.
import { $$, onContent } from './dom.js';

function number(area) {
  if (area.dataset.ready) return;
  area.dataset.ready = '1';
  const gutter = document.createElement('div');
  gutter.className = 'gutter';
  gutter.setAttribute('aria-hidden', 'true');
  const box = document.createElement('div');
  box.className = 'numbered';
  area.replaceWith(box);
  box.append(gutter, area);
  let shown = 0;
  const follow = () => {
    const lines = area.value.split('\n').length;
    if (lines !== shown) gutter.textContent = Array.from({ length: lines }, (_, n) => n + 1).join('\n');
    shown = lines;
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener('input', follow);
  area.addEventListener('scroll', follow);
  follow();
}
onContent((root) => $$('textarea[data-numbered]', root).forEach(number));
