// The formula of each step, written with what this model has: no cap, no bias, no sink where there is none. Pure; no word of any language.

/** Lines of one step, 1 … 10. */
export function formula(detail, step) {
  const { softcap, bias, sink, beside } = detail;
  const rotated = (letter) => detail.origins[letter]?.how === "rotated";
  const made = (letter, x) => [detail[`${letter}_normed`] ? "norm" : "", x].filter(Boolean).join(" ");
  const vector = (letter, x) => `${letter} = ${rotated(letter) ? "R(p) · " : ""}${made(letter, `(${x}·W_${letter} + b_${letter})`)}`;
  const capped = softcap === null ? "s_j" : "c · tanh(s_j / c)";
  const lines = {
    1: ["x = (x₁, …, x_m)"],
    2: [vector("q", "x"), vector("k", "x_j"), "v = (x_j·W_v + b_v)"],
    3: ["q · k_j = Σ_d q[d] · k_j[d]"],
    4: ["s_j = a · (q · k_j)", ...(softcap === null && !bias ? [] : [`s′_j = ${capped}${bias ? " + b_j" : ""}`])],
    5: ["s_j = −∞"],
    6: [`A_j = exp(s_j / T) / (Σ_i exp(s_i / T)${sink === null ? "" : " + exp(s₀ / T)"}),  T = 1`],
    7: ["A_j · v_j"],
    8: ["z = Σ_j A_j · v_j"],
    9: ["o = [z₁; z₂; …; z_H] · W_O + b = Σ_h z_h · W_O^h + b"],
    10: [`x′ = x + ${detail.changed ? "f(o)" : "o"}${beside ? " + g(x)" : ""}`],
  };
  return lines[step];
}
