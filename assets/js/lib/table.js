// Ticking rows: one, a range with Shift, all; the bulk bar follows.
import { $, $$, onContent } from './dom.js';

let last = null;
function sync(table) {
  const boxes = $$('tbody .check[name=ids]', table);
  const on = boxes.filter((b) => b.checked);
  for (const b of boxes) {
    if (b.checked) b.closest('tr').setAttribute('aria-selected', 'true');
    else b.closest('tr').removeAttribute('aria-selected');
  }
  const all = $('[data-check-all]', table);
  if (all) {
    all.checked = on.length > 0 && on.length === boxes.length;
    all.indeterminate = on.length > 0 && on.length < boxes.length;
  }
  const bar = $('#bulk');
  if (bar) {
    bar.hidden = on.length === 0;
    $('[data-count]', bar).textContent = on.length;
  }
}
document.addEventListener('click', (e) => {
  const box = e.target.closest?.('.dt .check');
  if (box) {
    const table = box.closest('table');
    const boxes = $$('tbody .check[name=ids]', table);
    if (box.matches('[data-check-all]')) boxes.forEach((b) => { b.checked = box.checked; });
    else if (e.shiftKey && last && boxes.includes(last)) {
      const [a, b] = [boxes.indexOf(last), boxes.indexOf(box)].sort((x, y) => x - y);
      boxes.slice(a, b + 1).forEach((x) => { x.checked = box.checked; });
    }
    last = box;
    sync(table);
  }
  if (e.target.closest?.('[data-clear]')) {
    $$('.dt .check').forEach((b) => { b.checked = false; });
    $$('table[data-rows]').forEach(sync);
  }
  // A row opens by a press anywhere that is not itself something to press.
  const row = e.target.closest?.('tr[data-href]');
  if (row && !e.target.closest('a,button,input,label,select') && !getSelection()?.toString()) {
    if (e.ctrlKey || e.metaKey) open(row.dataset.href);
    else location.assign(row.dataset.href);
  }
});
onContent((root) => $$('table[data-rows]', root).forEach(sync));
