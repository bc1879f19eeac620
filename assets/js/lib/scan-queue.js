// A scanner is quicker than an answer: codes that come while one is on its way wait, and are sent together.
import { $, composing } from './dom.js';

let busy = false;
let flying = false;
let sent = '';
let half = '';
let waiting = [];

const field = () => $('[data-scans]');
const ours = (ctx) => (ctx?.request?.form ?? ctx?.sourceElement?.closest?.('form'))?.querySelector('[data-scans]');
const show = (text) => {
  const input = field();
  if (input) input.value = text;
};

// The field is exchanged with the answer, so keys are kept here until then.
document.addEventListener('keydown', (e) => {
  if (!busy || composing(e) || e.ctrlKey || e.altKey || e.metaKey) return;
  if (!e.target.matches?.('[data-scans],body')) return;
  if (e.key === 'Enter') {
    if (half.trim()) waiting.push(half.trim());
    half = '';
  } else if (e.key === 'Backspace') half = half.slice(0, -1);
  else if (e.key.length === 1) half += e.key;
  else return;
  e.preventDefault();
  e.stopImmediatePropagation();
  show(half);
}, true);

document.addEventListener('htmx:before:request', (e) => {
  const input = ours(e.detail.ctx);
  if (!input) return;
  busy = true;
  flying = true;
  sent = input.value;
  input.value = half;
});
document.addEventListener('htmx:finally:request', (e) => {
  if (!flying || !ours(e.detail.ctx)) return;
  flying = false;
  const input = field();
  if (e.detail.ctx.response && waiting.length && input) {
    input.focus();
    input.value = waiting.join('\t');
    waiting = [];
    input.form.requestSubmit($('button[type=submit],button:not([type])', input.form));
    setTimeout(() => { busy = flying; }, 500);
    return;
  }
  busy = false;
  // Without an answer nothing that was scanned is lost.
  if (e.detail.ctx.response) show(half);
  else show([sent, ...waiting, half].filter(Boolean).join('\t'));
  if (sent) input?.focus();
  half = '';
  waiting = [];
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
