// Reads the frame number that the clips of make-frame-coded-clips carry in their picture (the tool's help tells the
// code). The functions run inside pages, so they use nothing from outside themselves.

/**
 * Makes `read(image, width, height)`: the frame number in an image, or null for a void read. `image` is whatever a
 * canvas can draw; `region` is the part of it that holds the picture, in pixels.
 */
export function barcodeReader() {
  const CELLS = 40;
  const LEAST_CONTRAST = 48;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });

  function cells(image, region, fraction) {
    const { x, y, width, height } = region;
    const row = y + Math.min(height - 2, Math.round(fraction * height));
    canvas.width = width;
    canvas.height = 1;
    context.drawImage(image, x, row, width, 1, 0, 0, width, 1);
    const { data } = context.getImageData(0, 0, width, 1);
    return Array.from({ length: CELLS }, (_, i) => {
      const at = 4 * Math.floor(((i + 0.5) * width) / CELLS);
      return 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
    });
  }

  function checksum(bytes) {
    let crc = 0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
    }
    return crc;
  }

  return function read(image, region) {
    const above = cells(image, region, 0.08);
    const below = cells(image, region, 0.16);
    if (above.some((value, i) => Math.abs(value - below[i]) < LEAST_CONTRAST)) return null;
    const bits = above.map((value, i) => (value > below[i] ? 1 : 0));
    const number = (first, count) => bits.slice(first, first + count).reduce((all, bit) => all * 2 + bit, 0);
    if (number(0, 4) !== 0b1010) return null;
    const frame = number(8, 24);
    const bytes = [number(4, 4), frame >> 16, (frame >> 8) & 0xff, frame & 0xff];
    return checksum(bytes) === number(32, 8) ? frame : null;
  };
}

/** The frame number in a picture file (PNG, JPEG), read in `page`, any page of a browser. */
export async function numberInPicture(page, bytes, fraction = { x: 0, y: 0, width: 1, height: 1 }) {
  const source = `(${barcodeReader})()`;
  return page.evaluate(
    async ({ source, base64, fraction }) => {
      const read = (0, eval)(source);
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      return read(image, {
        x: Math.round(fraction.x * image.width),
        y: Math.round(fraction.y * image.height),
        width: Math.round(fraction.width * image.width),
        height: Math.round(fraction.height * image.height),
      });
    },
    { source, base64: Buffer.from(bytes).toString('base64'), fraction },
  );
}
