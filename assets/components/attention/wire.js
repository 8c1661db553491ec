// The packet of core/wire.py, decoded: JSON plus typed arrays. Knows nothing of drawing.
// The format is documented in core/wire.py; a change there changes VERSION and both files.

const MAGIC = 0x3152494d; // "MIR1", little-endian
export const VERSION = 1;

/** Content key of a packet, cheap enough to compare on every rerun: size and a 32-bit FNV-1a of 4096 samples and both ends. */
export function fingerprint(bytes) {
  let hash = 2166136261;
  const mix = (at) => { hash = Math.imul(hash ^ bytes[at], 16777619) >>> 0; };
  const step = Math.max(1, Math.floor(bytes.length / 4096));
  for (let at = 0; at < bytes.length; at += step) mix(at);
  for (let at = Math.max(0, bytes.length - 64); at < bytes.length; at++) mix(at);
  return `${bytes.length}.${hash}`;
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

/** One inflated section → its JSON with {values, shape, type} in place of each block. */
export function readSection(raw) {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const size = view.getUint32(0, true);
  const { blocks, ...header } = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + size)));
  for (const [name, block] of Object.entries(blocks)) {
    header[name] = { ...block, values: readBlock(raw, 4 + size + block.at, block) };
  }
  return header;
}

function readBlock(raw, at, { type, shape }) {
  const count = shape.reduce((a, b) => a * b, 1);
  if (type === "u1") return raw.slice(at, at + count);
  if (type === "u2") return joinPlanes(raw.subarray(at, at + 2 * count), count);
  return new Float32Array(raw.buffer.slice(raw.byteOffset + at, raw.byteOffset + at + 4 * count));
}

function joinPlanes(raw, count) {
  const joined = new Uint16Array(count);
  for (let i = 0; i < count; i++) joined[i] = (raw[i] << 8) | raw[count + i];
  return joined;
}
