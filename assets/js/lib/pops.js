// Calls that ring: the card comes from the server, drawn with the rights of whoever looks (CALL-02).
import { $, $$, t } from './dom.js';
import { onLive } from './live.js';

const box = $('#pops');
const title = document.title;
const away = 'aftercare-pops-away';

/** Calls that were put away, in this browser, in every tab. */
function putAway() {
  try { return JSON.parse(localStorage.getItem(away)) ?? []; } catch { return []; }
}
function close(id) {
  try { localStorage.setItem(away, JSON.stringify([...putAway(), id].slice(-30))); } catch { /* private mode: this tab only */ }
  drop(id);
}
const card = (id) => $(`[data-pop="${CSS.escape(id)}"]`, box);
function drop(id) {
  card(id)?.remove();
  headline();
}
function headline() {
  document.title = $('[data-ringing]', box) ? `☎ ${t('来电', 'Call')} · ${title}` : title;
}

async function show({ call, state }) {
  if (putAway().includes(call)) return;
  const answer = await fetch(`/calls/${call}/pop`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  // Somebody else took it, or it is not for this person any more.
  if (!answer || answer.status !== 200) return drop(call);
  const part = document.createElement('template');
  part.innerHTML = await answer.text();
  const fresh = $('[data-pop]', part.content);
  if (!fresh || putAway().includes(call)) return;
  fresh.toggleAttribute('data-ringing', state === 'ringing');
  const old = card(call);
  if (old) old.replaceWith(fresh);
  else box.prepend(fresh);
  for (const extra of $$('[data-pop]', box).slice(3)) extra.remove();
  headline();
}

if (box) {
  // One after another: a hang-up must not be overtaken by the ring before it.
  let last = Promise.resolve();
  onLive('call', (data) => { last = last.then(() => show(data)); });
  box.addEventListener('click', (e) => {
    const pop = e.target.closest('[data-pop]');
    if (!pop) return;
    if (e.target.closest('[data-pop-close]')) close(pop.dataset.pop);
    // Whoever takes it down has the screen: the card has done its work.
    else if (e.target.closest('a.primary')) close(pop.dataset.pop);
  });
  addEventListener('storage', (e) => {
    if (e.key === away) for (const id of putAway()) drop(id);
  });
}
