// A canvas as large as its place on the page.

/** Fits a canvas to its place and gives [pen, width, height] in CSS pixels; null while it has no size. */
export function penOn(canvas, ratio) {
  const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
  if (!wide || !high) return null;
  Object.assign(canvas, { width: Math.round(wide * ratio), height: Math.round(high * ratio) });
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  return [pen, wide, high];
}
