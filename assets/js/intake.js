// The intake screen: lookups after a choice, topics by key, the whole form by keyboard.
import { $, $$, composing } from './lib/dom.js';

const form = () => $('#intake');
const inForm = (el) => el.form?.id === 'intake';

/** Only the contents of the chosen topic can be clicked; a content of another topic is let go. */
function showContents(topic) {
  for (const group of $$('#intake [data-topic]')) {
    group.hidden = group.dataset.topic !== topic;
    if (group.hidden) for (const input of $$('input:checked', group)) input.checked = false;
  }
}

document.addEventListener('change', (e) => {
  if (!inForm(e.target)) return;
  if (e.target.name === 'topic') showContents(e.target.value);
  if (e.target.name === 'join_order_id') nameOrder();
  // A content was clicked: it is saved at once with its time.
  if (e.target.name === 'content' && e.target.checked) $('#draft')?.dispatchEvent(new CustomEvent('draft'));
  // A record was chosen from a list (an emptied one is being typed over): look up what belongs to it.
  if (e.target.matches('#f-customer_id-id,#f-unit_id-id') && e.target.value) $('#who')?.dispatchEvent(new CustomEvent('lookup'));
});

/** The button says what it does: an order is opened, or the call is put to the open one that was chosen. */
function nameOrder() {
  const button = $('#intake [data-join]');
  const label = button?.querySelector('span');
  if (!label) return;
  button.dataset.open ??= label.textContent;
  const joins = $('#intake [name=join_order_id]:checked')?.value;
  label.textContent = joins ? button.dataset.join : button.dataset.open;
}

const press = (action) => $(`#intake [data-submit=${action}]`)?.click();

document.addEventListener('keydown', (e) => {
  if (!form() || composing(e) || $('dialog[open]')) return;
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    e.stopImmediatePropagation();
    return press('order');
  }
  if (e.altKey && !e.ctrlKey) {
    const digit = /^Digit([1-9])$/.exec(e.code)?.[1];
    const topic = digit && $$('#intake [name=topic]')[digit - 1];
    const action = { KeyS: 'save', KeyP: 'solve' }[e.code];
    if (!topic && !action) return;
    e.preventDefault();
    if (action) return press(action);
    topic.click();
    return $('#intake [data-topic]:not([hidden]) input')?.focus();
  }
  // Enter goes on to the next field, as on paper; only buttons submit.
  if (e.key === 'Enter' && e.target.matches('#intake input:not([type=checkbox],[type=radio],[role=combobox][aria-expanded=true])')) {
    e.preventDefault();
    const all = $$('input:not([type=hidden]),select,textarea', form()).filter((el) => el.offsetParent && !el.disabled);
    const here = all.indexOf(e.target);
    const skip = (el) => el.type === 'radio' && !el.checked;
    all.slice(here + 1).find((el) => !skip(el))?.focus();
  }
}, true);

// A lookup renews fields while somebody types on. What was typed after the lookup was sent is newer than its answer:
// it is put into the answer before that comes onto the page.
const typed = new Map();
let sent = 0;

document.addEventListener('input', (e) => {
  if (inForm(e.target) && e.target.id) typed.set(e.target.id, { value: e.target.value, at: performance.now() });
});
document.addEventListener('htmx:before:request', (e) => {
  if (form()?.contains(e.target)) sent = performance.now();
});
document.addEventListener('htmx:before:swap', (e) => {
  for (const { fragment } of e.detail.tasks ?? []) {
    for (const [id, { value, at }] of typed) {
      const field = at > sent && fragment?.querySelector(`#${CSS.escape(id)}`);
      if (field) field.value = value;
    }
  }
});

// Another caller has other open orders.
document.addEventListener('htmx:after:swap', nameOrder);
nameOrder();

// Back to a form that was sent already: the page as it stood belongs to the call before.
let done = false;
document.addEventListener('htmx:before:response', (e) => {
  const { ctx } = e.detail;
  const from = ctx.request?.form ?? ctx.sourceElement;
  if (from?.id === 'intake' && ctx.response.raw.redirected) done = true;
});
addEventListener('pageshow', (e) => {
  if (e.persisted && done && form()) location.reload();
});
