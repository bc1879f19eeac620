// Engineers' phone pages.
import './lib/net.js';
import './lib/page.js';
import './lib/dialogs.js';
import './lib/masked.js';
import './lib/combo.js';
import './lib/sla.js';
import './lib/toast.js';
import './lib/upload.js';
import './lib/scan-button.js';
// Before the signature is drawn: what is kept of it is drawn too.
import './lib/kept.js';
import './lib/phone.js';
