// The packet of core/views/attention_packet.py, decoded: JSON plus typed arrays. Knows nothing of drawing.
// The format is documented in core/views/attention_packet.py; a change there changes VERSION and both files.

import { readSection } from "../shared/section.js";

const MAGIC = 0x3152494d; // "MIR1", little-endian
export const VERSION = 1;

/**
 * Content key of a packet, compared on every rerun: its size and two 32-bit hashes of every byte, read as words of 4
 * (1 MB: 1 to 2 ms, 5 the first time). Each step is a bijection of word and hash, so packets that differ in one word always differ here.
 */
export function fingerprint(bytes) {
  const aligned = bytes.byteOffset % 4 ? bytes.slice() : bytes;
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  const [a, b] = mix(mix([0x811c9dc5 | 0, 0x9e3779b9 | 0], words), aligned.subarray(words.length * 4));
  return `${bytes.length}.${a >>> 0}.${b >>> 0}`;
}

function mix([a, b], words) {
  for (let at = 0; at < words.length; at++) {
    a = Math.imul((a << 13 | a >>> 19) ^ words[at], 0x85ebca6b);
    b = Math.imul((b << 17 | b >>> 15) ^ words[at], 0xc2b2ae35);
  }
  return [a, b];
}

/** Uint8Array → {detail, overview | null}. Rejects on anything that is not a packet of this version. */
export async function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0, true) !== MAGIC) throw new Error("not an attention packet");
  const size = view.getUint32(4, true);
  const rest = 8 + size + 4;
  const detail = readSection(await inflate(bytes.subarray(8, 8 + size)));
  if (detail.version !== VERSION) throw new Error(`attention packet version ${detail.version}`);
  const tail = bytes.subarray(rest, rest + view.getUint32(8 + size, true));
  return { detail, overview: tail.length ? readSection(await inflate(tail)) : null };
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
