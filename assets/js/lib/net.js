// What every request to the server has in common: idempotency keys, errors, redirects, focus.
import 'htmx.org';
import { $, $$, onContent, t, uuid } from './dom.js';
import { isTouched, signInAgain } from './signin.js';
import { toast } from './toast.js';

const formOf = (ctx) => ctx.request?.form ?? ctx.sourceElement?.closest?.('form');
const changes = (ctx) => !/^(GET|HEAD)$/i.test(ctx.request?.method ?? 'GET');

// One key per logical submit: the form's own, or a fresh one for a button that posts by itself.
document.addEventListener('htmx:config:request', (e) => {
  const { ctx } = e.detail;
  if (!changes(ctx)) return;
  const source = ctx.sourceElement;
  const form = formOf(ctx);
  // What was wrong with the try before is not to stand beside what is wrong with this one.
  $$('#toasts .toast.tone-red').forEach((el) => el.remove());
  let key = form?.elements.namedItem('idem')?.value;
  if (!key) key = source.dataset.idem ||= uuid();
  ctx.request.headers['Idempotency-Key'] = key;
});

// A new key only once the server has taken the old one: a double tap or a retry makes no second record.
document.addEventListener('htmx:after:request', (e) => {
  const { ctx } = e.detail;
  if (!changes(ctx) || !ctx.response?.raw?.ok) return;
  delete ctx.sourceElement.dataset.idem;
  const form = formOf(ctx);
  const field = form?.elements.namedItem('idem');
  if (field) field.value = uuid();
  if (form?.hasAttribute('data-reset-ok')) form.reset();
});

/** Sends once more what a lost session refused; its idempotency key makes that safe. */
function repeat(ctx) {
  const source = ctx.sourceElement;
  if (!source?.isConnected) return;
  const pressed = ctx.request.submitter;
  if (source.matches('form')) source.requestSubmit(pressed?.isConnected ? pressed : undefined);
  else source.click();
}

// A redirect answered to fetch has already been followed; go there for real, so that address and navigation agree.
document.addEventListener('htmx:before:response', (e) => {
  const { ctx } = e.detail;
  const { raw } = ctx.response;
  if (raw.status === 401) {
    e.preventDefault();
    if (changes(ctx) ? signInAgain(() => repeat(ctx)) : isTouched() && signInAgain()) return;
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  } else if (raw.redirected) {
    e.preventDefault();
    location.assign(raw.url);
  }
});

const empty = (el) => !(el.closest('[data-combo]')?.querySelector('[data-combo-id]') ?? el).value.trim();

/** Puts a message at a control, until somebody changes it. */
function mark(control, text) {
  const box = control?.closest('.field');
  const input = box && $('input:not([type=hidden]),select,textarea', box);
  if (!input || $('.err', box)) return;
  const err = document.createElement('span');
  err.className = 'err';
  err.id = `${input.id || input.name}-e`;
  err.textContent = text;
  box.append(err);
  if (box.matches('fieldset')) box.dataset.invalid = '';
  else input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${err.id}`.trim());
  box.addEventListener('input', () => {
    err.remove();
    input.removeAttribute('aria-invalid');
    delete box.dataset.invalid;
  }, { once: true });
}

// A form that is not sent back: the server names the field and what is wrong, and what else was left empty is told at once.
function tellFields(ctx) {
  const form = formOf(ctx);
  if (!form || !ctx.text?.includes('data-field=')) return;
  const said = $$('template[data-field]', new DOMParser().parseFromString(ctx.text, 'text/html'));
  for (const el of said) {
    const name = el.dataset.field.replace(/\[(\d+)\]/g, '.$1');
    mark($(`[name="${CSS.escape(name)}"]`, form), el.content.textContent);
  }
  const needed = said.find((el) => el.dataset.code === 'input.required')?.content.textContent;
  if (needed) {
    $$('[required]:not([type=radio],[type=checkbox])', form).filter(empty).forEach((el) => mark(el, needed));
  }
  focusError(form);
}

// Errors that are not a page: problem documents and server faults become a message.
document.addEventListener('htmx:response:error', (e) => {
  const { ctx } = e.detail;
  const { status, headers } = ctx.response.raw;
  const json = (headers.get('content-type') ?? '').includes('json');
  tellFields(ctx);
  // The server usually brings its own message.
  if ((ctx.text ?? '').includes('<hx-partial')) return;
  if (json) {
    ctx.swap = 'none';
    let problem = {};
    try { problem = JSON.parse(ctx.text); } catch { /* a broken body is reported by its status alone */ }
    toast('red', problem.title ?? t('没有成功', 'That did not work'), problem.detail ?? `HTTP ${status}`);
  } else if (status >= 500) {
    toast('red', t('服务器出错，没有保存', 'Server error, nothing was saved'), t('请稍后再试。', 'Please try again in a moment.'));
  } else if (status === 413) {
    ctx.swap = 'none';
    toast('red', t('文件太大', 'The file is too large'));
  } else if (status === 429) {
    ctx.swap = 'none';
    toast('amber', t('操作太频繁，请稍候', 'Too many requests, please wait'));
  }
});

document.addEventListener('htmx:error', (e) => {
  console.error(e.detail.error);
  if (e.detail.ctx?.request) {
    toast('red', t('网络不通，没有保存', 'No connection, nothing was saved'), t('检查网络后再提交一次，不会重复。', 'Submit again when you are online; nothing is done twice.'));
  }
});

// After a refused form the first wrong field has the focus.
document.addEventListener('htmx:after:swap', (e) => {
  const { ctx } = e.detail;
  if (!ctx?.response || ctx.response.raw.status < 400) return;
  const scope = ctx.sourceElement?.isConnected ? ctx.sourceElement.closest('dialog,main') : $('dialog[open]') ?? $('#main');
  focusError(scope ?? document);
});

// The list above a form says which field it speaks of.
onContent((root) => {
  for (const link of $$('[data-error-summary] a[href^="#"]:not([data-said])', root)) {
    const field = document.getElementById(link.hash.slice(1));
    const label = (field?.labels?.[0] ?? field?.querySelector?.('legend'))?.textContent.replace('*', '').trim();
    link.dataset.said = '';
    if (label && !link.textContent.includes(label)) link.prepend(`${label}${t('：', ': ')}`);
  }
});

export function focusError(root) {
  const bad = $('[aria-invalid=true],[data-invalid]', root);
  const first = bad ?? $('[data-error-summary]', root);
  if (!first) return;
  (first.matches('fieldset') ? $('input', first) ?? first : first).focus();
  first.scrollIntoView({ block: 'center' });
}
if ($('[data-error-summary]')) focusError(document);

// Plain forms: a second press while the first is on its way does nothing.
document.addEventListener('submit', (e) => {
  const f = e.target;
  if (e.defaultPrevented || f.method !== 'post' || f.hasAttribute('hx-post') || f.target === '_blank' || e.submitter?.formTarget === '_blank') return;
  if (f.dataset.sent) return e.preventDefault();
  f.dataset.sent = '1';
  setTimeout(() => delete f.dataset.sent, 4000);
});
addEventListener('pageshow', () => $$('form[data-sent]').forEach((f) => delete f.dataset.sent));
