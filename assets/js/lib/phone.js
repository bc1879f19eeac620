// Phone pages: signature, place, quantity buttons, notice when there is no network.
import SignaturePad from 'signature_pad';
import { $, $$, onContent, t } from './dom.js';

function signature(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = '1';
  const canvas = $('canvas', box);
  const pad = new SignaturePad(canvas, { minWidth: 0.9, maxWidth: 2.6, penColor: '#111827' });
  const hint = $('.ph', box);
  const [png, svg] = [$('[data-sign-png]', box), $('[data-sign-svg]', box)];
  const fit = () => {
    const ratio = Math.max(1, devicePixelRatio);
    const strokes = pad.toData();
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext('2d').scale(ratio, ratio);
    pad.clear();
    if (strokes.length) pad.fromData(strokes);
    // Drawn before the form was refused: a picture, no strokes.
    else if (png.value) pad.fromDataURL(png.value, { ratio: 1, width: canvas.offsetWidth, height: canvas.offsetHeight });
    hint.hidden = !!png.value;
  };
  fit();
  new ResizeObserver(fit).observe(canvas);
  pad.addEventListener('beginStroke', () => { hint.hidden = true; });
  pad.addEventListener('endStroke', () => {
    png.value = pad.toDataURL('image/png');
    svg.value = pad.toSVG();
    png.dispatchEvent(new Event('change', { bubbles: true }));
  });
  $('[data-sign-clear]', box).addEventListener('click', () => {
    pad.clear();
    hint.hidden = false;
    png.value = svg.value = '';
    png.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

function locate(box) {
  if (box.dataset.state) return;
  box.dataset.state = 'asking';
  const say = (state, text) => {
    box.dataset.state = state;
    $('[role=status]', box).textContent = text;
  };
  if (!navigator.geolocation) return say('fail', box.dataset.fail);
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const set = (name, v) => { $(`[name=${name}]`, box).value = v; };
    set('lat', coords.latitude.toFixed(6));
    set('lng', coords.longitude.toFixed(6));
    set('accuracy', Math.round(coords.accuracy));
    say('ok', `${box.dataset.ok} ${Math.round(coords.accuracy)} ${t('米', 'm')}`);
  }, () => say('fail', box.dataset.fail), { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
}

onContent((root) => {
  $$('[data-sign]', root).forEach(signature);
  $$('[data-geo]', root).forEach(locate);
});

document.addEventListener('click', (e) => {
  const b = e.target.closest?.('[data-qty] [data-step]');
  if (!b) return;
  const input = $('input', b.closest('[data-qty]'));
  const next = (Number(input.value) || 0) + Number(b.dataset.step);
  input.value = Math.max(0, Math.round(next * 1000) / 1000);
  input.dispatchEvent(new Event('change', { bubbles: true }));
});

const bar = $('#net');
const net = () => {
  if (!bar) return;
  bar.hidden = navigator.onLine;
  $('span', bar).textContent = bar.dataset.text;
};
addEventListener('online', net);
addEventListener('offline', net);
net();
