// What the server tells open pages within a moment: one stream per browser, not per tab, where the browser can choose a
// leader (browsers open six connections to a host over HTTP/1.1, and every tab would hold one). Without Web Locks (plain
// http in a company network) a tab holds its stream only while it is looked at.
import { $ } from './dom.js';

const url = 'EventSource' in window && $('[data-live]')?.dataset.live;
const handlers = new Map();
const seen = new Map(); // id → message, of the last two minutes
const others = url && 'BroadcastChannel' in window ? new BroadcastChannel('aftercare-live') : null;
let source;

/** Calls `fn(data, message)` for every message of a kind, also for those that came before. */
export function onLive(kind, fn) {
  handlers.set(kind, [...(handlers.get(kind) ?? []), fn]);
  for (const message of seen.values()) if (message.kind === kind) fn(message.data, message);
}

function take(message) {
  if (seen.has(message.id)) return;
  seen.set(message.id, message);
  if (seen.size > 200) seen.delete(seen.keys().next().value);
  for (const fn of handlers.get(message.kind) ?? []) fn(message.data, message);
}

function open() {
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource(url);
  source.onmessage = (e) => {
    const message = JSON.parse(e.data);
    take(message);
    others?.postMessage(message);
  };
  // A refusal (signed out, server restarting) ends an EventSource for good: come again, slowly.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => source && open(), 5000 + Math.random() * 5000);
  };
}
function shut() {
  source?.close();
  source = null;
}

if (url) {
  others?.addEventListener('message', (e) => {
    // A page that has just come asks the leader for what it missed.
    if (e.data === 'hello') {
      if (source) for (const message of [...seen.values()].slice(-50)) others.postMessage(message);
    } else take(e.data);
  });
  if (navigator.locks && others) {
    navigator.locks.request('aftercare-live', () => new Promise((done) => {
      open();
      addEventListener('pagehide', () => { shut(); done(); }, { once: true });
    }));
    others.postMessage('hello');
  } else {
    const look = () => (document.visibilityState === 'visible' ? open() : shut());
    document.addEventListener('visibilitychange', look);
    addEventListener('pagehide', shut);
    look();
  }
  addEventListener('pageshow', (e) => e.persisted && location.reload());
}
