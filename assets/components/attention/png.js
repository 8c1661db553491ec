// A text inside a PNG: one iTXt chunk (PNG specification, 11.3.3.4) before the end of the file, so that a picture says where it comes from.

const END = 12; // bytes of the IEND chunk that closes every PNG

/** The bytes of `png` with `text` under `keyword` (Latin letters). */
export function withText(png, keyword, text) {
  const encoder = new TextEncoder();
  const body = join([encoder.encode(keyword), Uint8Array.of(0, 0, 0, 0, 0), encoder.encode(text)]);
  const named = join([encoder.encode("iTXt"), body]);
  const chunk = join([word(body.length), named, word(crc32(named))]);
  return join([png.subarray(0, png.length - END), chunk, png.subarray(png.length - END)]);
}

function join(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

const word = (value) => Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

/** CRC-32 of PNG and zip (polynomial 0xedb88320). */
export function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}
