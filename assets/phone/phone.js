// A phone in a room: takes a seat, listens, answers. What it has to say is kept until the server has it on its disk.
"use strict";
(() => {
  const texts = JSON.parse(document.body.dataset.texts);
  const byId = (id) => document.getElementById(id);
  const say = (name, fields = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => fields[key]);
  const inLanguage = (spoken) => (spoken ? spoken[texts.language] || Object.values(spoken)[0] : "");
  const code = location.pathname.split("/").pop();
  const SILENCE = 40_000; // ms without a beat (there is one in 15 s) after which the connection is taken for dead
  const LONGEST_ANSWER = 80;

  // What this phone keeps: its seat, and the answer that is on its way.
  const SHELF = "mirante-room-" + location.pathname.toUpperCase();
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(SHELF)) || {}; } catch { /* a browser without storage: until it is closed */ }
  const keep = () => { try { localStorage.setItem(SHELF, JSON.stringify(kept)); } catch { /* as above */ } };

  let room = null; // the state that came last
  let mine = {}; // "card.round" → {value, edition}, as saved
  let source = null, heard = 0, tries = 0, again = 0, sending = false, joining = false, shownForm = "";

  const element = (name, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  };

  // A text with *emphasis* and **strong**, without any HTML of its own.
  const marked = (text) => text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/).map((part) => {
    if (part.length > 4 && part.startsWith("**")) return element("strong", {}, part.slice(2, -2));
    return part.length > 2 && part.startsWith("*") ? element("em", {}, part.slice(1, -1)) : part;
  });

  const tell = (text) => { if (byId("state").textContent !== text) byId("state").textContent = text; };
  const report = (text, good = false) => {
    byId("saved").textContent = text;
    byId("saved").classList.toggle("good", good);
  };

  async function post(path, body) {
    const answer = await fetch(`${path}?lang=${texts.language}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), cache: "no-store",
    });
    return { status: answer.status, wait: Number(answer.headers.get("Retry-After")) || 1, said: await answer.json().catch(() => ({})) };
  }

  // Listening.
  const later = (action, least) => setTimeout(action, least * (1 + Math.random()));

  function connectLater() {
    if (source) source.close();
    source = null;
    clearTimeout(again);
    again = later(connect, Math.min(300 * 2 ** tries++, 8000));
  }

  async function connect() {
    if (joining) return;
    clearTimeout(again);
    if (source) source.close();
    source = null;
    joining = true;
    try {
      const { status, said } = await post(`${code}/seat`, { seat: kept.seat, secret: kept.secret });
      if (status === 404) return askForCode(say("noRoom"));
      if (status >= 400) {
        tell(said.error || say("full"));
        return connectLater();
      }
      if (kept.seat !== said.seat) mine = {};
      Object.assign(kept, { seat: said.seat, secret: said.secret });
      keep();
      showNotice(said.expires);
    } catch {
      tell(say("lost"));
      return connectLater();
    } finally {
      joining = false;
    }
    heard = Date.now();
    source = new EventSource(`${code}/live?seat=${kept.seat}&secret=${encodeURIComponent(kept.secret)}`);
    const on = (name, action) => source.addEventListener(name, (event) => {
      heard = Date.now();
      action(JSON.parse(event.data));
    });
    on("beat", () => {});
    on("mine", (saved) => {
      for (const [place, vote] of Object.entries(saved)) if (!(mine[place]?.edition > vote.edition)) mine[place] = vote;
    });
    on("state", (state) => {
      tries = 0;
      room = state;
      draw();
      flush();
    });
    on("gone", () => {
      source.close();
      byId("card").replaceChildren();
      byId("follow").replaceChildren();
      report("");
      tell(say("gone"));
    });
    source.onerror = () => {
      tell(say(kept.pending ? "offline" : "lost"));
      connectLater();
    };
  }

  const wake = () => {
    if (document.visibilityState === "hidden" || !kept.seat) return;
    if (!source || source.readyState === 2 || Date.now() - heard > SILENCE) {
      tries = 0;
      connect();
    }
    flush();
  };

  // Answering.
  function answer(value) {
    const place = `${room.card}.${room.round}`;
    const edition = Math.max(mine[place]?.edition || 0, kept.pending?.place === place ? kept.pending.edition : 0) + 1;
    kept.pending = { place, card: room.card, round: room.round, edition, value };
    keep();
    flush();
  }

  async function flush() {
    const pending = kept.pending;
    if (!pending || sending || !kept.seat) return;
    sending = true;
    report(say("sending"));
    let wait = 0;
    try {
      const { card, round, edition, value } = pending;
      const reply = await post(`${code}/answer`, { seat: kept.seat, secret: kept.secret, card, round, edition, value });
      const done = kept.pending === pending;
      if (reply.status === 200) {
        mine[pending.place] = { value: reply.said.value, edition: reply.said.edition };
        if (room && !room.round) {
          shownForm = "";
          draw();
        }
        if (done) report(say("saved"), true);
      } else if (reply.status === 429 || reply.status >= 500) {
        report(say(reply.status === 429 ? "often" : "offline"));
        wait = reply.wait * 1000;
      } else {
        report(reply.status === 409 ? say("late") : reply.said.error || say("lost"));
      }
      if (!wait && done) delete kept.pending;
      keep();
      relabel();
    } catch {
      report(say("offline"));
      wait = 1500;
    }
    sending = false;
    if (wait) later(flush, wait); else if (kept.pending) flush();
  }

  // Drawing.
  const place = (round) => `${room.card}.${round}`;
  const head = (value) => say("headName", { layer: value[0], head: value[1] });
  const number = (value) => String(value).replace(".", texts.decimal) + (room.question.unit || "");
  const written = (value) => ({
    word: () => room.question.words[value], head: () => head(value), choice: () => inLanguage(room.question.options[value - 1]),
    number: () => number(value), text: () => value,
  })[room.question.kind]();

  function draw() {
    byId("where").textContent = `${inLanguage(room.room)} · ${say("card", { n: room.card + 1, cards: room.cards })}`;
    const link = element("a", { href: "../" + room.link, target: "_blank", rel: "noopener" }, say("follow"));
    byId("follow").replaceChildren(...(room.link ? [link] : []));
    tell(say(room.question || room.phase !== "waiting" ? room.phase : "reading"));
    const form = JSON.stringify([room.card, room.phase]);
    if (form === shownForm) return;
    shownForm = form;
    const hadFocus = byId("card").contains(document.activeElement);
    report("");
    const title = element("h1", { tabIndex: -1 }, ...marked(inLanguage(room.title)));
    const parts = [title];
    if (room.text) parts.push(element("p", {}, ...marked(inLanguage(room.text))));
    if (room.question) parts.push(room.round ? questionForm() : questionShown());
    byId("card").replaceChildren(...parts);
    if (hadFocus) title.focus();
  }

  function questionShown() {
    const asked = element("div", {}, element("p", {}, element("strong", {}, ...marked(inLanguage(room.question.ask)))));
    const list = element("ul");
    for (const [round, name] of [[1, "yourFirst"], [2, "yourSecond"]]) {
      const vote = mine[place(round)];
      if (vote) list.append(element("li", {}, say(name, { answer: written(vote.value) })));
    }
    const { right, kind } = room.question;
    if (right !== null && right !== undefined && right.length !== 0) {
      const all = kind === "word" ? right.map(written).join(", ") : written(right);
      list.append(element("li", { className: "good" }, say("right", { answer: all })));
    }
    asked.append(list);
    if (room.question.reveal) asked.append(element("p", {}, ...marked(inLanguage(room.question.reveal))));
    return asked;
  }

  function questionForm() {
    const { kind } = room.question;
    const vote = kept.pending?.place === place(room.round) ? kept.pending : mine[place(room.round)];
    const [body, read] = FIELDS[kind](vote?.value);
    const legend = element("legend", {}, ...marked(inLanguage(room.question.ask)));
    const button = element("button", { type: "submit", id: "send" }, say(vote ? "change" : "send"));
    const form = element("form", { noValidate: true }, element("fieldset", {}, legend, body), button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { value, problem } = read(new FormData(form));
      if (problem) report(problem); else answer(value);
    });
    return form;
  }

  const relabel = () => {
    if (byId("send") && room?.round && mine[place(room.round)]) byId("send").textContent = say("change");
  };

  const pick = (value, text, chosen) => {
    const input = element("input", { type: "radio", name: "answer", value, checked: chosen });
    return element("label", { className: "pick" }, input, element("span", {}, text));
  };

  const choices = (className, items) => [
    element("div", { className }, ...items),
    (form) => (form.has("answer") ? { value: JSON.parse(form.get("answer")) } : { problem: say("choose") }),
  ];

  const FIELDS = {
    word: (chosen) => choices("words", room.question.words.map((word, index) => {
      const offered = room.question.offered.length === 0 || room.question.offered.includes(index);
      return offered ? pick(String(index), word, index === chosen) : element("i", {}, word);
    })),
    choice: (chosen) => choices("options", room.question.options.map((option, index) =>
      pick(String(index + 1), inLanguage(option).replace(/\*/g, ""), index + 1 === chosen))),
    head: (chosen) => {
      if (room.question.offered.length) {
        return choices("options", room.question.offered.map((each) =>
          pick(JSON.stringify(each), head(each), String(each) === String(chosen))));
      }
      const list = (name, count, current) => {
        const options = [element("option", { value: "" }, "–")];
        for (let n = 1; n <= count; n++) options.push(element("option", { value: n, selected: n === current }, String(n)));
        return element("label", { className: "field" }, say(name), element("select", { name }, ...options));
      };
      return [
        element("div", { className: "row" }, list("layer", room.question.layers, chosen?.[0]), list("head", room.question.heads, chosen?.[1])),
        (form) => (form.get("layer") && form.get("head")
          ? { value: [Number(form.get("layer")), Number(form.get("head"))] } : { problem: say("choose") }),
      ];
    },
    number: (chosen) => {
      const { least, most, unit } = room.question;
      const ends = { least: number(least), most: number(most) };
      const input = element("input", { type: "text", name: "answer", inputMode: least < 0 ? "text" : "decimal", autocomplete: "off", maxLength: 20 });
      if (chosen !== undefined) input.value = String(chosen).replace(".", texts.decimal);
      return [
        element("label", { className: "field" }, say("from", ends), input),
        (form) => {
          const typed = form.get("answer").trim().replace("−", "-").replace(/\s*%$/, unit === "%" ? "" : "%").replace(",", ".");
          const value = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(typed) ? Number(typed) : NaN;
          return value >= least && value <= most ? { value } : { problem: say("number", ends) };
        },
      ];
    },
    text: (chosen) => {
      const input = element("input", { type: "text", name: "answer", autocomplete: "off", maxLength: LONGEST_ANSWER, value: chosen ?? "" });
      return [
        element("label", { className: "field" }, say("fewWords", { n: LONGEST_ANSWER }), input),
        (form) => (form.get("answer").trim() ? { value: form.get("answer").trim() } : { problem: say("choose") }),
      ];
    },
  };

  function showNotice(expires) {
    const date = new Date(expires * 1000).toLocaleDateString(document.documentElement.lang);
    byId("notice").textContent = say("notice", { seat: kept.seat, date });
    byId("kept").hidden = false;
    if (!kept.told) byId("kept").open = true;
    kept.told = true;
  }

  function askForCode(problem) {
    tell(problem || "");
    const input = element("input", { type: "text", name: "code", className: "code", maxLength: 4, required: true, autocomplete: "off", autocapitalize: "characters", spellcheck: false });
    const label = element("label", { className: "field" }, say("code"), input);
    const form = element("form", { action: "./" }, label, element("p", {}, say("codeHelp")), element("button", { type: "submit" }, say("enter")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = encodeURIComponent(input.value.trim().toUpperCase()) + location.search;
    });
    byId("card").replaceChildren(form);
  }

  byId("languages").append(...texts.languages.map((language) => {
    const link = element("a", { href: `?lang=${language}`, lang: language, hreflang: language }, language);
    if (language === texts.language) link.setAttribute("aria-current", "true");
    return link;
  }));
  for (const event of ["online", "pageshow", "focus"]) addEventListener(event, wake);
  document.addEventListener("visibilitychange", wake);
  setInterval(wake, 10_000);
  if (code) {
    tell(say("connecting"));
    connect();
  } else askForCode();
})();
