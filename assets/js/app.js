// Office pages.
import './lib/net.js';
import './lib/page.js';
import './lib/dialogs.js';
import './lib/masked.js';
import './lib/combo.js';
import './lib/table.js';
import './lib/lists.js';
import './lib/palette.js';
import './lib/keys.js';
import './lib/sla.js';
import './lib/toast.js';
import './lib/upload.js';
import './lib/scan-button.js';
import './lib/scan-queue.js';
import './lib/live.js';
import './lib/pops.js';
import './lib/bell.js';
import './lib/try.js';
import './lib/numbered.js';
import './lib/offer.js';
import { $, onContent } from './lib/dom.js';

// Few office pages have a box to sign in, so the signature pad comes with the first one, also in a dialog.
onContent((root) => {
  if (root.matches?.('[data-sign],[data-geo],[data-qty]') || $('[data-sign],[data-geo],[data-qty]', root)) import('./lib/phone.js');
});
