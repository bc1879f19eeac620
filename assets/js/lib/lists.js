// Filter builder, column chooser, search within short lists.
import { $, $$ } from './dom.js';

document.addEventListener('click', (e) => {
  if (e.target.closest?.('[data-remove-row]')) e.target.closest('[data-fb-row]')?.remove();
});
document.addEventListener('input', (e) => {
  if (!e.target.matches?.('[data-filter-list]')) return;
  const q = e.target.value.trim().toLowerCase();
  for (const b of $$('button', e.target.closest('.fb-fields'))) b.hidden = q !== '' && !b.textContent.toLowerCase().includes(q);
});

// The operator's select posts its own name; the server wants to know the code under a fixed one.
document.addEventListener('htmx:config:request', (e) => {
  const { ctx } = e.detail;
  if (ctx.sourceElement?.matches?.('[data-fb-row] select')) ctx.request.body?.set?.('op', ctx.sourceElement.value);
});

// Columns: drag, or Alt+arrows on the tick box.
let held = null;
document.addEventListener('dragstart', (e) => {
  held = e.target.closest?.('[data-sortable] [draggable]');
  held?.classList.add('dragging');
});
document.addEventListener('dragover', (e) => {
  const over = e.target.closest?.('[data-sortable] [draggable]');
  if (!held || !over || over === held || over.parentElement !== held.parentElement) return;
  e.preventDefault();
  const box = over.getBoundingClientRect();
  over[e.clientY < box.top + box.height / 2 ? 'before' : 'after'](held);
});
document.addEventListener('dragend', () => {
  held?.classList.remove('dragging');
  held = null;
});
document.addEventListener('keydown', (e) => {
  const item = e.target.closest?.('[data-sortable] [draggable]');
  if (!item || !e.altKey || !/^Arrow(Up|Down)$/.test(e.key)) return;
  e.preventDefault();
  if (e.key === 'ArrowUp') item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  $('input', item).focus();
});
