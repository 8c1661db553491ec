// A section of a packet: a JSON header and the blocks of numbers that it names. What the attention explorer puts around two of them: attention/wire.js.
// The format is documented in core/views/packet.py.

const TOP = { u1: 255, u2: 65535 }; // what stands for 1 where a block does not say

/** One inflated section → its JSON with {values, shape, type, top} in place of each block. */
export function readSection(raw) {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const size = view.getUint32(0, true);
  const { blocks, ...header } = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + size)));
  for (const [name, block] of Object.entries(blocks)) {
    header[name] = { top: TOP[block.type], ...block, values: readBlock(raw, 4 + size + block.at, block) };
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
