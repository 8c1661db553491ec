// An SVG sheet that is drawn on like a canvas: the part of CanvasRenderingContext2D that the pictures use, written as SVG 1.1.
// The same functions draw on the screen and in the file, so that the file says what the screen says.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu; // no character of XML 1.0

/** Any text as XML character data or attribute value. */
export const escaped = (text) => String(text).replace(FORBIDDEN, "\ufffd").replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

const short = (x) => String(Math.round(x * 100) / 100);
const ANCHOR = { left: "start", right: "end", center: "middle" };
const BASELINE = { middle: "central", top: "hanging", alphabetic: "alphabetic" };

/** What `canvas` is on the screen: hand it to any drawing function, then ask it for `svg(…)`. `measure(font, text)` gives text widths. */
export function sheet(measure) {
  const context = new VectorContext(measure);
  return { vector: true, style: {}, width: 0, height: 0, getContext: () => context, body: () => context.parts.join("\n") };
}

/** A whole document of `width` × `height` px; `record` (JSON text) travels in it as metadata. */
export function svgDocument({ width, height, background, title, description, record, body }) {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}" role="img">`,
    `<title>${escaped(title)}</title>`, `<desc>${escaped(description)}</desc>`, `<metadata id="mirante">${escaped(record)}</metadata>`,
    `<rect width="100%" height="100%" fill="${background}"/>`, body, "</svg>", "",
  ].join("\n");
}

class VectorContext {
  constructor(measure) {
    Object.assign(this, {
      vector: true, measure, parts: [], path: "", moves: "", saved: [], said: "", dash: [],
      fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, font: "14px sans-serif", textAlign: "left", textBaseline: "alphabetic", direction: "ltr",
    });
  }

  setTransform() { this.moves = ""; }
  clearRect() {}
  setLineDash(dash) { this.dash = dash; }
  measureText(text) { return { width: this.measure(this.font, text) }; }

  save() {
    const { moves, globalAlpha, dash, fillStyle, strokeStyle, lineWidth, font, textAlign, textBaseline } = this;
    this.saved.push({ moves, globalAlpha, dash, fillStyle, strokeStyle, lineWidth, font, textAlign, textBaseline });
  }

  restore() { Object.assign(this, this.saved.pop()); }
  translate(x, y) { this.moves += `translate(${short(x)} ${short(y)}) `; }
  rotate(angle) { this.moves += `rotate(${short((angle * 180) / Math.PI)}) `; }

  /** What the next shape says to somebody who points at it: its exact weight. */
  title(text) { this.said = text; }

  beginPath() { this.path = ""; }
  moveTo(x, y) { this.path += `M${short(x)} ${short(y)}`; }
  lineTo(x, y) { this.path += `L${short(x)} ${short(y)}`; }
  bezierCurveTo(a, b, c, d, x, y) { this.path += `C${[a, b, c, d, x, y].map(short).join(" ")}`; }
  closePath() { this.path += "Z"; }

  arc(x, y, r, from, to, counter = false) {
    const point = (angle) => `${short(x + r * Math.cos(angle))} ${short(y + r * Math.sin(angle))}`;
    const flip = counter ? 0 : 1;
    if (Math.abs(to - from) >= 2 * Math.PI - 1e-9) {
      this.path += `M${point(from)}A${short(r)} ${short(r)} 0 1 ${flip} ${point(from + Math.PI)}A${short(r)} ${short(r)} 0 1 ${flip} ${point(from)}Z`;
      return;
    }
    const large = Math.abs(to - from) > Math.PI ? 1 : 0;
    this.path += `${this.path ? "L" : "M"}${point(from)}A${short(r)} ${short(r)} 0 ${large} ${flip} ${point(to)}`;
  }

  fill() { this.#shape("path", `d="${this.path}" fill="${this.fillStyle}"`); }
  stroke() { this.#shape("path", `d="${this.path}" fill="none" ${this.#stroke()}`); }
  fillRect(x, y, width, height) { this.#shape("rect", `${box(x, y, width, height)} fill="${this.fillStyle}"`); }
  strokeRect(x, y, width, height) { this.#shape("rect", `${box(x, y, width, height)} fill="none" ${this.#stroke()}`); }

  fillText(text, x, y) {
    const [, weight = "400", size, family] = /^(?:(\d+) )?([\d.]+)px (.+)$/.exec(this.font) ?? [null, "400", "14", "sans-serif"];
    const place = `x="${short(x)}" y="${short(y)}" text-anchor="${ANCHOR[this.textAlign]}" dominant-baseline="${BASELINE[this.textBaseline]}"`;
    const face = `font-family="${escaped(family)}" font-size="${size}" font-weight="${weight}"${this.direction === "rtl" ? ' direction="rtl" unicode-bidi="embed"' : ""}`;
    this.#shape("text", `${place} ${face} fill="${this.fillStyle}" xml:space="preserve"`, escaped(text));
  }

  #stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(short).join(" ")}"` : "";
    return `stroke="${this.strokeStyle}" stroke-width="${short(this.lineWidth)}"${dash}`;
  }

  #shape(name, attributes, inside = "") {
    const alpha = this.globalAlpha < 1 ? ` opacity="${Math.round(this.globalAlpha * 1000) / 1000}"` : "";
    const moves = this.moves ? ` transform="${this.moves.trim()}"` : "";
    const said = this.said ? `<title>${escaped(this.said)}</title>` : "";
    this.said = "";
    this.parts.push(said || inside ? `<${name} ${attributes}${alpha}${moves}>${said}${inside}</${name}>` : `<${name} ${attributes}${alpha}${moves}/>`);
  }
}

const box = (x, y, width, height) => `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
