// Where a panel stands: under its term, above it where the window ends, never beyond the window's sides.

const EDGE = 8, GAP = 6; // px

export function beside(term, panel, { clientWidth, clientHeight }) {
  const left = Math.max(EDGE, Math.min(term.left, clientWidth - panel.width - EDGE));
  const below = term.bottom + GAP;
  const fits = below + panel.height + EDGE <= clientHeight;
  return { left, top: fits ? below : Math.max(EDGE, term.top - GAP - panel.height) };
}
