// A scanner is quicker than an answer: codes that come while one is on its way wait, and are sent together.
import { $, composing } from './dom.js';

let busy = false;
let sent = '';
let half = '';
let waiting = [];

const field = () => $('[data-scans]');
const ours = (ctx) => ctx?.request?.form?.querySelector('[data-scans]') ?? ctx?.sourceElement?.closest?.('form')?.querySelector('[data-scans]');
const send = (input) => input.form.requestSubmit($('button[type=submit],button:not([type])', input.form));

document.addEventListener('keydown', (e) => {
  if (!busy || e.key !== 'Enter' || !e.target.matches?.('[data-scans]') || composing(e)) return;
  e.preventDefault();
  if (e.target.value.trim()) waiting.push(e.target.value.trim());
  e.target.value = '';
}, true);

document.addEventListener('htmx:before:request', (e) => {
  const input = ours(e.detail.ctx);
  if (!input) return;
  busy = true;
  sent = input.value;
  input.value = half;
  half = '';
});
document.addEventListener('htmx:before:swap', () => {
  if (busy) half = field()?.value ?? '';
});
document.addEventListener('htmx:finally:request', (e) => {
  if (!busy || !ours(e.detail.ctx)) return;
  busy = false;
  const input = field();
  if (!input) return;
  if (!e.detail.ctx.response) {
    input.value = sent;
    return;
  }
  if (sent) input.focus();
  if (waiting.length) {
    input.value = waiting.join('\t');
    waiting = [];
    // The queue of requests goes on first.
    setTimeout(() => send(input));
  } else {
    input.value = half;
    half = '';
  }
});

// Who scans looks at the goods: a code nobody knows is heard.
let told = '';
document.addEventListener('htmx:after:swap', () => {
  const now = $('[data-unknown]')?.dataset.unknown ?? '';
  if (now.length > told.length) buzz();
  told = now;
});
function buzz() {
  navigator.vibrate?.([120, 60, 120]);
  try {
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    tone.frequency.value = 220;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.25);
    tone.onended = () => sound.close();
  } catch { /* a browser without sound shows it only */ }
}
