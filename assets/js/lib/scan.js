// Reads a code with the camera, or out of a photo, into a field. The browser's own reader where it has one; else ours.
import { find } from './combo.js';
import { $, t } from './dom.js';

/** Longest side of what is looked at: enough for a dense code, quick on an old phone. */
const SIDE = 1280;
const LABEL = /\/u\/([a-z0-9]{20,64})\/?$/i;
const OR_TYPE = () => t('也可以拍照识别，或直接输入编码。', 'You can take a photo, or type the code.');

let reader;
async function makeReader() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (formats.includes('qr_code') && formats.includes('code_128')) {
    const own = new globalThis.BarcodeDetector();
    return async (canvas) => (await own.detect(canvas))[0]?.rawValue ?? '';
  }
  const worker = new Worker(SCAN_WORKER);
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data: { id, text, fault } }) => {
    const [done, failed] = waiting.get(id);
    waiting.delete(id);
    if (fault) failed(new Error(fault));
    else done(text);
  };
  worker.onerror = (e) => {
    reader = undefined;
    for (const [, failed] of waiting.values()) failed(new Error(e.message));
  };
  return (canvas) => new Promise((...both) => {
    const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    waiting.set(++last, both);
    worker.postMessage({ id: last, image }, [image.data.buffer]);
  });
}

const canvas = document.createElement('canvas');
async function read(source, width, height) {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d', { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height);
  const text = await (await (reader ??= makeReader()))(canvas);
  // Separators of industrial codes are no part of what people would type.
  return text.replace(/[\u0000-\u001f]+/g, ' ').trim();
}

/** What a code means: the label of one of our units stands for its serial number. */
async function meaning(text) {
  const token = text.match(LABEL)?.[1];
  if (!token) return text;
  const answer = await fetch(`/api/v1/public/units/${token}`, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(t('这个设备二维码已失效，或不是本公司的。', 'This unit label is no longer valid, or not ours.'));
  return (await answer.json()).serial;
}

function put(input, text, send) {
  if (input.matches('[role=combobox]')) return find(input, text);
  if (input.matches('textarea')) {
    const lines = input.value.split('\n').filter((line) => line.trim());
    if (!lines.includes(text)) lines.push(text);
    input.value = `${lines.join('\n')}\n`;
  } else input.value = 'many' in input.dataset && input.value.trim() ? `${input.value.trim()} ${text}` : text;
  for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
  if (send) input.form.requestSubmit($('button[type=submit],button:not([type])', input.form));
}

function refusal(error) {
  if (!isSecureContext) return t('浏览器只在 https 地址上开放摄像头。', 'Browsers open the camera on https addresses only.');
  switch (error?.name) {
    case 'NotAllowedError': return t('没有使用摄像头的权限，请在浏览器的设置里允许。', 'The camera is not allowed here; the settings of the browser can change that.');
    case 'NotReadableError': return t('摄像头正被别的程序使用。', 'Another program is using the camera.');
    case 'NotFoundError': case 'OverconstrainedError': return t('这台设备没有摄像头。', 'This device has no camera.');
    default: return t('摄像头打不开。', 'The camera does not open.');
  }
}

function build() {
  const dialog = document.createElement('dialog');
  dialog.className = 'dlg scan';
  dialog.setAttribute('aria-labelledby', 'scan-h');
  dialog.innerHTML = '<header><h2 id="scan-h"></h2><button type="button" class="btn ghost" data-close></button></header>'
    + '<div class="body"><div class="cam"><video playsinline muted></video></div><p role="status"></p></div>'
    + '<footer><button type="button" class="btn" data-torch hidden></button><label class="btn"><span></span>'
    + '<input class="vh" type="file" accept="image/*" capture="environment"></label></footer>';
  $('h2', dialog).textContent = t('扫码', 'Scan');
  $('[data-close]', dialog).textContent = t('关闭', 'Close');
  $('[data-torch]', dialog).textContent = t('照明', 'Light');
  $('label span', dialog).textContent = t('拍照识别', 'Take a photo');
  document.body.append(dialog);
  return dialog;
}

export async function scan(button) {
  const input = document.getElementById(button.dataset.scan);
  if (!input || $('dialog.scan')) return;
  const many = input.matches('textarea');
  const dialog = build();
  const [video, status] = [$('video', dialog), $('[role=status]', dialog)];
  const say = (text) => { status.textContent = text; };
  let stream;
  let count = 0;
  let last = '';
  dialog.addEventListener('close', () => {
    stream?.getTracks().forEach((track) => track.stop());
    dialog.remove();
    if (!many && count) return;
    (input.isConnected ? input : button).focus?.();
  }, { once: true });
  dialog.showModal();

  const found = async (text) => {
    if (!dialog.open || text === last) return;
    last = text;
    let value;
    try {
      value = await meaning(text);
    } catch (error) {
      return say(error.message);
    }
    navigator.vibrate?.(60);
    count += 1;
    put(input, value, button.hasAttribute('data-send'));
    if (many) say(`${t('已扫', 'Read')} ${count}${t('：', ': ')}${value}`);
    else dialog.close();
  };

  $('input[type=file]', dialog).addEventListener('change', async (e) => {
    const [file] = e.target.files;
    e.target.value = '';
    if (!file) return;
    say(t('正在识别…', 'Reading …'));
    try {
      const picture = await createImageBitmap(file);
      const text = await read(picture, picture.width, picture.height);
      last = '';
      if (text) return await found(text);
      say(t('照片里没有认出条码，请靠近些、拍清楚再试。', 'No code was seen in the photo. Go closer and try again.'));
    } catch (error) {
      console.warn(error);
      say(t('这张照片读不出来，请直接输入编码。', 'This photo cannot be read; please type the code.'));
    }
  });

  say(t('正在打开摄像头…', 'Opening the camera …'));
  try {
    const camera = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: camera, audio: false });
  } catch (error) {
    dialog.dataset.off = '';
    return say(`${refusal(error)}${t('', ' ')}${OR_TYPE()}`);
  }
  if (!dialog.open) return stream.getTracks().forEach((track) => track.stop());
  video.srcObject = stream;
  const [track] = stream.getVideoTracks();
  const torch = $('[data-torch]', dialog);
  if (track.getCapabilities?.().torch) {
    let on = false;
    torch.hidden = false;
    torch.addEventListener('click', () => {
      on = !on;
      track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => { torch.hidden = true; });
      torch.setAttribute('aria-pressed', on);
    });
  }
  say(t('把条码或二维码放在框里', 'Hold the code into the frame'));
  await video.play().catch(() => {});
  while (dialog.open) {
    if (video.videoWidth) {
      try {
        const text = await read(video, video.videoWidth, video.videoHeight);
        if (text) await found(text);
      } catch (error) {
        console.warn(error);
        return say(t('识别程序打不开，请直接输入编码。', 'The reader does not open; please type the code.'));
      }
    }
    await new Promise((next) => { setTimeout(next, 120); });
  }
}
