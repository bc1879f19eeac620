// One timer keeps every running deadline chip current.
import { $$, t } from './dom.js';

const text = (s) => {
  const a = Math.abs(s);
  return `${s < 0 ? t('超时', 'over') : t('剩', 'left')} ${Math.floor(a / 3600)}:${String(Math.floor((a % 3600) / 60)).padStart(2, '0')}`;
};
function tick() {
  const now = Date.now() / 1000;
  for (const el of $$('.sla[data-due]')) {
    const left = el.dataset.due - now;
    const total = Number(el.dataset.total) || 0;
    el.querySelector('.sla-t').textContent = text(left);
    el.dataset.k = left < 0 ? 'over' : total && left / total < 0.25 ? 'warn' : 'ok';
    el.style.setProperty('--p', `${total ? Math.min(100, Math.max(0, 100 - (left / total) * 100)) : 50}%`);
  }
}
tick();
setInterval(tick, 15000);
document.addEventListener('htmx:after:swap', tick);
