// The page that tries the API: sends what the form says, as the person who looks at it, and shows the answer.
import { $, $$, t, uuid } from './dom.js';

async function send(form) {
  const out = $('[data-try-answer]', form);
  const { method, path } = form.dataset;
  let url = path;
  for (const field of $$('[data-try-path]', form)) {
    url = url.replace(field.dataset.tryPath, () => encodeURIComponent(field.value.trim()));
  }
  const query = $('[name=query]', form)?.value.trim();
  if (query) url += `?${query.replace(/^\?/, '')}`;
  const init = { method, headers: { accept: 'application/json' } };
  if (method !== 'GET') {
    init.headers['idempotency-key'] = uuid();
    init.headers['content-type'] = 'application/json';
    init.body = $('[name=body]', form)?.value || '{}';
  }
  out.textContent = t('发送中…', 'Sending…');
  try {
    const answer = await fetch(url, init);
    const text = await answer.text();
    let body = text;
    try {
      body = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Not every answer is JSON.
    }
    out.textContent = `${method} ${url}\n${answer.status} ${answer.statusText}\n\n${body.slice(0, 200000)}`;
  } catch {
    out.textContent = t('服务器没有回答', 'The server did not answer');
  }
}

document.addEventListener(
  'submit',
  (e) => {
    const form = e.target.closest('form[data-try]');
    if (!form) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    send(form);
  },
  true,
);
