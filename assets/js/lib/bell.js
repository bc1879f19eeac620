// The bell counts while the page stays open.
import { $, $$, t } from './dom.js';
import { onLive } from './live.js';

let timer;
async function count() {
  const answer = await fetch('/api/v1/notifications/unread').catch(() => null);
  if (!answer?.ok) return;
  const { unread } = await answer.json();
  for (const bell of $$('[data-bell]')) {
    $('.dotr', bell)?.remove();
    if (unread) bell.append(Object.assign(document.createElement('i'), { className: 'dotr' }));
    bell.title = unread ? t(`通知，${unread} 条未读`, `Notices, ${unread} unread`) : t('通知', 'Notices');
    bell.setAttribute('aria-label', bell.title);
  }
}
if ($('[data-bell]')) {
  onLive('notice', () => {
    clearTimeout(timer);
    timer = setTimeout(count, 300);
  });
}
