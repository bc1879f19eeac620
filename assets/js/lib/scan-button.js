// The camera beside a field. What it takes comes with the first press.
import { t } from './dom.js';
import { toast } from './toast.js';

document.addEventListener('click', (e) => {
  const button = e.target.closest?.('button[data-scan]');
  if (!button) return;
  import('./scan.js').then(({ scan }) => scan(button), (error) => {
    console.warn(error);
    toast('red', t('网络不通，摄像头扫码没有打开', 'No connection, the scanner did not open'), t('可以直接输入编码。', 'You can type the code.'));
  });
});
