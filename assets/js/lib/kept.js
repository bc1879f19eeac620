// What an engineer typed or had signed stays until it is saved: phones drop pages by themselves, and cellars have no
// network. Kept in the tab's own storage, per form of an order, and only for the round of work it was typed in.
import { $$ } from './dom.js';

const MARK = 'kept:';
const OLD = 12 * 3_600_000;
const keyOf = (form) => MARK + form.getAttribute('action');
// Places are measured anew, and a page knows the newest version itself.
const worth = (el) => el.name && !el.disabled && !/^(lat|lng|accuracy|version)$/.test(el.name)
  && !['file', 'submit', 'button', 'password'].includes(el.type);
const fields = (form) => [...form.elements].filter(worth);
const forms = (root = document) => $$('form[data-keep]', root);

function read(form) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)));
    return kept && kept.round === form.dataset.keep && Date.now() - kept.at < OLD ? kept.fields : null;
  } catch {
    return null;
  }
}

function keep(form) {
  const said = fields(form).map((el) => [el.name, el.value, el.checked]);
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), round: form.dataset.keep, fields: said }));
  } catch { /* a full storage keeps nothing, and the page works on */ }
}

function restore(form) {
  const kept = read(form);
  if (!kept) return sessionStorage.removeItem(keyOf(form));
  const left = [...kept];
  for (const el of fields(form)) {
    const tick = el.type === 'checkbox' || el.type === 'radio';
    const at = left.findIndex(([name, value]) => name === el.name && (!tick || value === el.value));
    if (at < 0) continue;
    const [[, value, checked]] = left.splice(at, 1);
    if (tick) el.checked = checked;
    else el.value = value;
  }
}

// Only when the page comes: what the server sends back after that is newer.
forms().forEach(restore);

for (const type of ['input', 'change']) {
  document.addEventListener(type, (e) => {
    const form = e.target.closest?.('form[data-keep]');
    if (form) keep(form);
  });
}

document.addEventListener('htmx:before:response', (e) => {
  const { ctx } = e.detail;
  const form = ctx.request?.form ?? ctx.sourceElement?.closest?.('form');
  if (form?.matches?.('[data-keep]') && ctx.response.raw.ok) sessionStorage.removeItem(keyOf(form));
});
