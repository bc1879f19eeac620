// A list of codes beside a text field: the one picked is put into the field.
import { $ } from './dom.js';

document.addEventListener('change', (e) => {
  const list = e.target.closest('[data-offer]');
  if (!list?.value) return;
  const field = $(`#${CSS.escape(list.dataset.offer)}`);
  const parts = list.dataset.join ? field.value.split(/[,，]/).map((part) => part.trim()).filter(Boolean) : [];
  if (!parts.includes(list.value)) parts.push(list.value);
  field.value = parts.join(list.dataset.join);
  list.value = '';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
});
