// Upload boxes: names of the chosen files, dropping; photos are made smaller before they are sent.
import { $, t } from './dom.js';

const LONGEST = 1600;

/** A photo of at most 1600 px as JPEG; anything that cannot be read is sent as it is. */
async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 300_000) return file;
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg', lastModified: file.lastModified });
  } catch {
    return file;
  }
}

async function photos(input) {
  const small = new DataTransfer();
  for (const f of await Promise.all([...input.files].map(shrink))) small.items.add(f);
  input.files = small.files;
  const label = input.closest('.add');
  const grid = input.closest('[data-photos]');
  for (const old of grid.querySelectorAll('[data-new]')) old.remove();
  for (const f of input.files) {
    const figure = document.createElement('figure');
    figure.className = 'ph';
    figure.dataset.new = '';
    const img = document.createElement('img');
    img.alt = f.name;
    img.src = URL.createObjectURL(f);
    figure.append(img);
    label.before(figure);
  }
}

document.addEventListener('change', (e) => {
  if (e.target.matches?.('[data-photo]')) photos(e.target);
  const box = e.target.closest?.('[data-upload]');
  if (box) $('.upload-n', box).textContent = [...e.target.files].map((f) => f.name).join(t('、', ', '));
});
for (const kind of ['dragover', 'drop']) {
  document.addEventListener(kind, (e) => {
    const box = e.target.closest?.('[data-upload]');
    if (!box) return;
    e.preventDefault();
    if (kind === 'drop') {
      const input = $('input', box);
      input.files = e.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
}
