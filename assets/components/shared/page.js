// What every mounted page does: follow its width, redraw without losing the keyboard, and leave. `page` has {parts: {root}, width, frame}.

/** Calls `refresh(page)` whenever the component is wider or narrower than it was drawn. */
export function followWidth(page, refresh) {
  const { root } = page.parts;
  page.watch = new ResizeObserver(() => { if (Math.abs(root.clientWidth - page.width) > 1) refresh(page); });
  page.watch.observe(root);
}

/** Draws with the next frame; of several calls within one, the last. */
export function nextFrame(page, draw) {
  cancelAnimationFrame(page.frame);
  page.frame = requestAnimationFrame(draw);
}

/** Runs `redraw`; what had the keyboard and was built anew (the same data-focus) has it again. */
export function keepingFocus({ parts: { root } }, redraw) {
  const focused = root.getRootNode().activeElement?.dataset?.focus;
  redraw();
  if (focused) root.querySelector(`[data-focus="${focused}"]`)?.focus({ preventScroll: true });
}

/** Takes the page away: nothing watches or draws any more. */
export function leave(page) {
  page.watch.disconnect();
  cancelAnimationFrame(page.frame);
  page.parts.root.remove();
}
