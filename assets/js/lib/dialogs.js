// Native dialogs: opening, closing, loading, and our own question instead of window.confirm.
import { $, t } from './dom.js';

document.addEventListener('click', (e) => {
  const open = e.target.closest?.('[data-open]');
  if (open) {
    open.closest('[popover]')?.hidePopover?.();
    document.getElementById(open.dataset.open)?.showModal();
  }
  // A press on the backdrop closes, but not when a form would be lost.
  if (e.target.matches?.('dialog') && !$('form', e.target)) e.target.close();
  if (e.target.closest?.('[data-close]')) e.target.closest('dialog')?.close();
});

// What is loaded into #modal or #drawer opens it; a closed one is emptied, so that ids do not occur twice.
document.addEventListener('htmx:after:swap', (e) => {
  for (const id of ['modal', 'drawer']) {
    const d = document.getElementById(id);
    if (!d || d.open || !d.firstElementChild) continue;
    if (e.target === d || e.detail.ctx?.target === d) {
      document.querySelector('[popover]:popover-open')?.hidePopover?.();
      d.showModal();
      ($('[autofocus],input:not([type=hidden]),select,textarea', d) ?? $('button', d))?.focus();
    }
  }
});
document.addEventListener('close', (e) => {
  if (e.target.matches?.('#modal,#drawer')) e.target.replaceChildren();
}, true);
document.addEventListener('htmx:after:request', (e) => {
  const { ctx } = e.detail;
  if (ctx.sourceElement?.matches?.('[data-close-ok]') && ctx.response?.raw?.ok) {
    const d = ctx.sourceElement.closest('dialog');
    // The answer still has to find its target, so the dialog goes after the swap.
    document.addEventListener('htmx:finally:request', () => d?.close(), { once: true });
  }
});

/** What a control says it does. */
const wordsOf = (el) => (el?.getAttribute?.('aria-label') ?? (el?.querySelector?.('span') ?? el)?.textContent ?? '').trim();

/** Asks in the page's dialog; resolves to true or false. `words`: what is agreed to, as the pressed button says it. */
export function ask(question, words = '') {
  const d = $('#confirm');
  if (!d) return Promise.resolve(window.confirm(question));
  $('#confirm-q').textContent = question;
  const [no, yes] = [$('[data-close] span', d), $('[data-confirm-ok] span', d)];
  no.dataset.usual ??= no.textContent;
  yes.dataset.usual ??= yes.textContent;
  yes.textContent = words || yes.dataset.usual;
  // "Cancel" beside "cancel the slip" would say the same twice.
  no.textContent = /取消|cancel/i.test(words) ? t('不取消', 'Keep it') : no.dataset.usual;
  d.showModal();
  return new Promise((resolve) => {
    let answer = false;
    const ok = $('[data-confirm-ok]', d);
    ok.onclick = () => { answer = true; d.close(); };
    d.addEventListener('close', () => resolve(answer), { once: true });
    ok.focus();
  });
}
document.addEventListener('htmx:confirm', (e) => {
  e.preventDefault();
  const { ctx, issueRequest, dropRequest } = e.detail;
  ask(ctx.confirm, wordsOf(ctx.sourceElement)).then((yes) => (yes ? issueRequest() : dropRequest()));
});

// The same question on a submit button, whatever way its form is sent.
document.addEventListener('submit', (e) => {
  const b = e.submitter;
  const question = b?.getAttribute('hx-confirm');
  if (!question || b.hasAttribute('hx-post') || b.dataset.yes) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  ask(question, wordsOf(b)).then((yes) => {
    if (!yes) return;
    b.dataset.yes = '1';
    e.target.requestSubmit(b);
    delete b.dataset.yes;
  });
}, true);

// Leaving with unsaved input in a dialog asks first.
document.addEventListener('cancel', (e) => {
  const form = e.target.matches?.('#modal,#drawer') && $('form[data-dirty]', e.target);
  if (!form) return;
  e.preventDefault();
  ask(t('放弃已填写的内容？', 'Discard what you have entered?')).then((yes) => yes && e.target.close());
}, true);
document.addEventListener('input', (e) => e.target.closest?.('dialog form')?.setAttribute('data-dirty', ''));
