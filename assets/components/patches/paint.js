// Pixels: a picture, and over it a veil that is thinner where attention is. Everything is drawn on canvases that their callers own.

import { rgb } from "../shared/ramp.js";
import { clearness, placeOf } from "./rows.js";

const VEIL = 0.93; // how much of the veil's colour lies over what is not looked at
const ALIKE = 0.1; // a picture as light as the paper, within this, gets the other veil

/** The decoded picture as a canvas of its own size. */
export function pictureOf({ picture }) {
  const [high, wide] = picture.shape;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: wide, height: high });
  const pixels = new ImageData(wide, high);
  for (let i = 0, j = 0; i < picture.values.length; i += 3, j += 4) {
    pixels.data.set(picture.values.subarray(i, i + 3), j);
    pixels.data[j + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  canvas.light = lightOf(picture.values);
  return canvas;
}

/** The picture enlarged: small ones keep their pixels, as the model reads them. */
export function drawPicture(found, picture, wide, high) {
  found.imageSmoothingEnabled = picture.width * 2 > wide;
  found.drawImage(picture, 0, 0, wide, high);
}

/** 0 … 1: how light red, green and blue are, one byte each, on the mean. */
export function lightOf(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length ? sum / values.length / 255 : 0;
}

/** [veil, beneath it]: the colours of paper and ink, turned round where the picture is as light as the paper, and a veil of paper would not be seen. */
export function veils(light, look) {
  return Math.abs(light - lightOf(rgb(look.paper))) < ALIKE ? [look.ink, look.paper] : [look.paper, look.ink];
}

/** The veil over a picture: every patch by how little is looked at it. */
export function drawVeil(found, row, end, detail, wide, high, veil) {
  const [rows, columns] = detail.grid;
  const [r, g, b] = rgb(veil);
  for (let i = 0; i < rows * columns; i++) {
    const [y, x] = [Math.floor(i / columns), i % columns];
    found.fillStyle = `rgba(${r}, ${g}, ${b}, ${VEIL * (1 - clearness(row[detail.prefix.length + i], end))})`;
    const [left, top] = [Math.round((x * wide) / columns), Math.round((y * high) / rows)];
    found.fillRect(left, top, Math.round(((x + 1) * wide) / columns) - left, Math.round(((y + 1) * high) / rows) - top);
  }
}

/** Thin lines between patches. */
export function drawGrid(found, [rows, columns], wide, high, look) {
  found.strokeStyle = look.line;
  found.globalAlpha = 0.35;
  found.lineWidth = 1;
  found.beginPath();
  for (let x = 1; x < columns; x++) found.moveTo(Math.round((x * wide) / columns) + 0.5, 0), found.lineTo(Math.round((x * wide) / columns) + 0.5, high);
  for (let y = 1; y < rows; y++) found.moveTo(0, Math.round((y * high) / rows) + 0.5), found.lineTo(wide, Math.round((y * high) / rows) + 0.5);
  found.stroke();
  found.globalAlpha = 1;
}

/** A frame around a patch: thick and solid for the one that looks, a thin ring for the one that is pointed at; a pale edge keeps both visible on any picture. */
export function drawFrame(found, position, detail, wide, high, look, kind) {
  const place = placeOf(position, detail);
  if (!place) return;
  const [rows, columns] = detail.grid;
  const [w, h] = [wide / columns, high / rows];
  const thick = kind === "query" ? 4 * look.scale : 2 * look.scale;
  const [x, y] = [place[1] * w, place[0] * h];
  found.lineJoin = "round";
  for (const [colour, width] of [[look.paper, thick + 3], [look.ink, thick]]) {
    found.strokeStyle = colour;
    found.lineWidth = width;
    if (kind === "query") found.strokeRect(x + thick / 2, y + thick / 2, w - thick, h - thick);
    else found.beginPath(), found.ellipse(x + w / 2, y + h / 2, Math.max(w / 2 - thick, 2), Math.max(h / 2 - thick, 2), 0, 0, 2 * Math.PI), found.stroke();
  }
}
