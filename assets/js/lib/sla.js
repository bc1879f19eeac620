// One timer keeps every running deadline chip current.
import { $$, t } from './dom.js';

// The same as in the server's chips: hours and minutes, from two days on days and hours.
const span = (s) => {
  const h = Math.floor(s / 3600);
  if (h < 48) return `${h}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}`;
  return t(`${Math.floor(h / 24)} 天 ${h % 24} 时`, `${Math.floor(h / 24)}d ${h % 24}h`);
};
function tick() {
  const now = Date.now() / 1000;
  for (const el of $$('.sla[data-due]')) {
    const left = el.dataset.due - now;
    const total = Number(el.dataset.total) || 0;
    el.querySelector('.sla-t').textContent = `${left < 0 ? t('超时', 'over') : t('剩', 'left')} ${span(Math.abs(left))}`;
    el.dataset.k = left < 0 ? 'over' : left < (total / 4 || 3600) ? 'warn' : 'ok';
    if (total) el.style.setProperty('--p', `${Math.min(100, Math.max(0, 100 - (left / total) * 100))}%`);
  }
}
tick();
setInterval(tick, 15000);
document.addEventListener('htmx:after:swap', tick);
