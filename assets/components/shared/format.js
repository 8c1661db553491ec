// Numbers and sentences: templates come from Python already translated; nothing here is a word of any language.

/** "{a} of {b}" → parts: strings and {field}. */
export function parts(template) {
  return template.split(/(\{[a-z_]+\})/).filter((part) => part !== "").map((part) => {
    const match = /^\{([a-z_]+)\}$/.exec(part);
    return match ? { field: match[1] } : part;
  });
}

/** Template with its fields as one plain string; an unknown field stays visible. */
export function fill(template, fields) {
  return parts(template)
    .map((part) => (typeof part === "string" ? part : String(fields[part.field] ?? `{${part.field}}`)))
    .join("");
}

/** 0.4123 → "0,4123" in Portuguese; always `digits` decimals; a true minus sign. Without Intl, whose first use costs a page 50 ms. */
export function decimal(value, digits, language) {
  const text = Math.abs(value).toFixed(digits).replace(".", language.startsWith("pt") ? "," : ".");
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

/** Stands where a number will be: the exact head is on its way. */
export const WAITING = "…";

/**
 * Percent for prose, no decimals: "41%". A trace is not read as nothing ("<1%"), nor nearly everything as everything (">99%");
 * what float32 rounding adds to or takes from nothing and everything is neither.
 */
export function percent(value, texts) {
  const size = Math.abs(value);
  const whole = Math.round(size * 100);
  if (whole === 0 && size > 1e-6) return fill(texts.percent, { n: "<1" });
  const shown = whole === 100 && size < 1 - 1e-6 ? ">99" : whole;
  return fill(texts.percent, { n: `${value < 0 && whole > 0 ? "\u2212" : ""}${shown}` });
}

/** Percent with its sign where values are differences, plain where they are attention. */
export function signed(value, colours, texts) {
  if (colours.name !== "difference" || Math.abs(value) <= 1e-6) return percent(value, texts);
  return (value > 0 ? "+" : "\u2212") + percent(Math.abs(value), texts);
}

/** Exact weight for a hover: as many decimals as are true, "≈" where the exact value is still on its way, no number where none is true. */
export function weight(value, digits, texts) {
  if (digits === 0) return WAITING;
  const text = decimal(value, Math.max(2, digits), texts.language);
  return digits < 4 ? fill(texts.approximate, { value: text }) : text;
}

/** Right-to-left by its first strong character. */
export function direction(text) {
  const strong = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|\p{L}/u.exec(text);
  return strong && /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(strong[0])
    ? "rtl" : "ltr";
}
