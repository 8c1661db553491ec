// What leaves the page: the picture as a file, the link to what is shown. One row under the picture.

import { make } from "../shared/dom.js";
import { fill } from "../shared/format.js";
import { pngFigure, svgFigure } from "./figure.js";
import { toggleHelp } from "./help.js";

const SETTLED = 1200; // ms within which Python has written the last choice into the address

/** Buttons SVG, PNG, link, keys; none in small pictures beside others. */
export function buildFiles(page) {
  const { parts, texts, options } = page;
  const button = (label, act, more = {}) => {
    const node = make("button", { type: "button", class: "action", ...more }, label);
    node.addEventListener("click", () => act(node));
    return node;
  };
  const all = [button("SVG", () => save(page, "svg"), { title: texts.save_svg }), button("PNG", () => save(page, "png"), { title: texts.save_png })];
  if (page.wish) all.push(button(texts.copy_link, () => copyLink(page)));
  if (options.mode === "explore") all.push(button(texts.keys, () => toggleHelp(page), { "aria-expanded": "false" }));
  parts.files.replaceChildren(make("span", { class: "files-name" }, texts.picture), ...all, make("span", { class: "done", role: "status" }));
  parts.files.hidden = !options.files;
}

/** Writes the picture in view to a file of the person. */
export async function save(page, type) {
  if (!page.map.digits) return tell(page, page.texts.not_yet);
  const blob = type === "svg" ? new Blob([svgFigure(page, page.measure)], { type: "image/svg+xml" }) : await pngFigure(page, page.measure);
  const name = `mirante-${page.picture}-${page.parts.chip.textContent.replace(/[^\p{L}\p{N}]+/gu, "-")}.${type}`;
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return tell(page, fill(page.texts.saved, { name }));
}

/** Copies the address once the last choice stands in it. */
export async function copyLink(page) {
  await new Promise((done) => setTimeout(done, page.pending?.() ? SETTLED : 0));
  try {
    await navigator.clipboard.writeText(location.href);
    tell(page, page.texts.copied);
  } catch {
    tell(page, fill(page.texts.copy_yourself, { link: location.href })); // no clipboard without a secure address (plain http in a class)
  }
}

function tell({ parts }, text) {
  const place = parts.files.querySelector(".done");
  if (place) place.textContent = text;
}
