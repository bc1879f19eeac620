// Reads bar codes and QR codes out of pictures. A worker of its own: WebAssembly is allowed here and on no page, and
// reading does not hold up the camera's picture.
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

prepareZXingModule({ overrides: { locateFile: () => WASM } });

onmessage = async ({ data: { id, image } }) => {
  try {
    const [found] = await readBarcodes(image, { tryHarder: true, maxNumberOfSymbols: 1 });
    postMessage({ id, text: found?.isValid ? found.text : '' });
  } catch (error) {
    postMessage({ id, fault: String(error) });
  }
};
