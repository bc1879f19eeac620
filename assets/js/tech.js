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
import './lib/phone.js';
