// A session that ends while somebody types: they sign in beside the page, and what they sent is sent again.
import { $ } from './dom.js';

let again;
let tab;
let timer;
let touched = false;

document.addEventListener('input', () => { touched = true; });
/** Something was typed that leaving the page would throw away. */
export const isTouched = () => touched;

/** Signed in meanwhile? Then the page goes on, unless it is somebody else now: nothing is sent in another's name. */
async function look() {
  const d = $('#signin');
  if (!d?.open) return;
  const answer = await fetch('/api/v1/me').catch(() => null);
  if (!answer?.ok || !d.open) return;
  const me = await answer.json();
  tab?.close();
  d.close();
  if (me.user_id !== d.dataset.user) return location.reload();
  again?.();
}

/** Asks to sign in, over the page. `repeat` is what was refused. False where the page has no such dialog. */
export function signInAgain(repeat) {
  const d = $('#signin');
  if (!d) return false;
  again = repeat ?? again;
  if (!d.open) d.showModal();
  return true;
}

document.addEventListener('click', (e) => {
  if (!e.target.closest?.('[data-sign-in]')) return;
  tab = open('/login?next=/me', '_blank');
  clearInterval(timer);
  timer = setInterval(look, 2000);
});
addEventListener('focus', look);
document.addEventListener('close', (e) => {
  if (e.target.id !== 'signin') return;
  clearInterval(timer);
  $('[data-sign-in]', e.target).blur();
}, true);
