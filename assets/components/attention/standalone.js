// Entry point of a page saved as one file (core/export/html.py): everything is in the document, and nobody is asked for anything.

import { atlas } from "./atlas.js";
import { createPage, refresh, show } from "./page.js";
import { fit, PICTURES } from "./selection.js";
import { decode } from "./wire.js";

/** Opens the explorer in `parent` with the packet and the colours of the document. What is chosen stays in this page. */
export async function open(parent, packet, ramps) {
  const { detail, overview } = await decode(packet);
  const maps = atlas({ ...detail, options: { ...detail.options, pictures: overview ? PICTURES : [] } }, overview);
  const page = createPage(parent, ramps, () => {});
  show(page, maps, fit(detail.options.selection, maps));
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", () => refresh(page));
  return page;
}
