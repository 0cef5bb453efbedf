// Reading places and lists as they show now, and until they stay the same.

const partOf = (text, part) => {
  if (!part) return { raw: text };
  const [before, after] = part.split("{}");
  const places = [];
  let chars = "";
  [...text].reduce((at, sign) => {
    const bare = plain(sign);
    chars += bare;
    for (let i = 0; i < bare.length; i += 1) places.push(at);
    return at + sign.length;
  }, 0);
  places.push(text.length);
  const [head, tail] = [plain(before), plain(after)];
  if (head && chars.split(head).length !== 2) return { raw: text, why: "part" };
  const begin = chars.indexOf(head) + head.length;
  const end = tail ? chars.indexOf(tail, begin) : chars.length;
  if (end < 0) return { raw: text, why: "part" };
  const wanted_part = text.slice(places[begin], places[end]).trim();
  return { raw: head && !head.endsWith(":") ? wanted_part.replace(/^[:：\s]+/, "") : wanted_part };
};
const partsOf = (text, place) => { // "圆通 YT123" by "{carrier} {tracking_number}": every part up to what stands behind it
  const [before, ...between] = place.part.split(/\{\w+(?:\.[1-9])?\}/);
  const held = (words) => [...squeeze(words)].map(escaped).join("\\s*");
  const gap = (words) => (words.trim() ? `\\s*${held(words)}\\s*` : words ? "\\s+" : "");
  const [tail] = between.splice(-1);
  const body = between.map((words) => `(.+?)${gap(words)}`).join("") + "(.+?)";
  const found = new RegExp(`^${gap(before)}${body}${gap(tail)}$`, "su").exec(text.normalize("NFKC").trim());
  if (!found) return { [place.name]: { raw: text, why: "part" } };
  const made = {}; // the axes of a specification, 颜色: 黑色, 尺码: L, are one word: 黑色;L
  place.parts.forEach((word, i) => (made[word.split(".")[0]] ??= []).push(found[i + 1].trim()));
  return Object.fromEntries(Object.entries(made).map(([word, pieces]) => [word, { raw: pieces.join(";") }]));
};
const lineOf = (line, told, name) => {
  if (!told.part) return Object.fromEntries(told.parts.map((word) => [word, { raw: line }]));
  const read = partsOf(line, { ...told, name });
  return read[name] && read[name].why ? { [name]: { ...read[name], why: "line", line: told.part } } : read;
};
const textOf = (hit, place) => (place.attribute ? hit.el.getAttribute(place.attribute) : (hit.text ?? shown(hit.el)));
const readPlace = (root, place) => {
  const within = inPlace(root, place);
  const hits = within ? find(within, place.find, place.attribute ? "hidden" : true) : [];
  if (place.together ? !hits.length : hits.length !== 1) return { [place.name]: { count: hits.length } };
  const odd = apart(within, place.find, true);
  if (odd.length) return { [place.name]: { raw: "", why: "apart", odd } };
  const texts = hits.map((hit) => textOf(hit, place));
  if (texts.includes(null)) return { [place.name]: { raw: "", why: "attribute" } };
  const text = texts.join(" ");
  if (place.parts.length) return partsOf(oneLine(text), place);
  if (!place.each_line.length) return { [place.name]: partOf(oneLine(text), place.part) };
  const lines = text.split("\n").map(oneLine).filter(Boolean);
  if (lines.length !== place.each_line.length) return { [place.name]: { raw: "", why: "lines", count: 1, lines: lines.length } };
  return Object.assign({}, ...place.each_line.map((told, i) => lineOf(lines[i], told, place.name)));
};

const ranked = (root, list) => {
  const marks = new Map();
  const mark = (locators, kind) => find(root, locators).forEach((hit) => marks.set(hit.el, kind));
  mark(list.rows, "row");
  mark(list.heading_rows, "heading");
  mark(list.footing_rows, "footing");
  mark(list.skip_rows, "skip");
  const order = [...marks.keys()].sort((a, b) => (precedes(a, b) ? -1 : 1));
  const rows = [];
  let heading = null;
  let group = [];
  for (const el of order) {
    const kind = marks.get(el);
    if (kind === "heading") { heading = el; group = []; }
    if (kind === "row") { const row = { el, heading, footing: null }; group.push(row); rows.push(row); }
    if (kind === "footing") group.forEach((row) => { row.footing = el; });
  }
  return rows;
};
const rootFor = (row, place) => (place.in_heading ? row.heading : place.in_footing ? row.footing : row.el);
const wordsOf = (place) => {
  const words = [...place.parts, ...place.each_line.flatMap((line) => line.parts)].map((part) => part.split(".")[0]);
  return words.length ? words : [place.name];
};
const readInRow = (row, place) => {
  const root = rootFor(row, place);
  const read = root ? readPlace(root, place) : { [place.name]: { count: 0 } };
  const lacking = place.in_footing && read[place.name] && read[place.name].count === 0;
  return lacking ? Object.fromEntries(wordsOf(place).map((word) => [word, { raw: "" }])) : read; // an order without a remark has no such row
};
const fits = (row, list, where) =>
  Object.entries(where).every(([key, value]) => {
    const says = (parts) => parts.some((part) => part.split(".")[0] === key);
    const holds = (one) => says(one.parts) || one.each_line.some((line) => says(line.parts));
    const place = list.places.find((one) => one.name === key) || list.places.find(holds);
    const read = place && readInRow(row, place)[key];
    return read && read.raw !== undefined && !read.why && squeeze(read.raw) === squeeze(value);
  });
const readList = (root, list) => {
  const rows = root ? ranked(root, list) : [];
  const empty = Boolean(root) && list.nothing_found.length > 0 && find(root, list.nothing_found).length > 0;
  const count = list.row_count && root ? readPlace(document, list.row_count)[list.row_count.name] : null;
  const read = rows.map((row) => Object.assign({}, ...list.read.map((place) => readInRow(row, place))));
  return { rows: read, empty, count };
};

const MARKED = /(^|[-_])(checked|selected|active|current|cur|on|chosen|picked)$/i;
const isMarked = (el) => {
  const tick = tickable(el) ? el : el.querySelector("input[type=radio], input[type=checkbox]") || (is(el, "LABEL") && el.control);
  if (tick && tickable(tick)) return tick.checked;
  const told = ["aria-checked", "aria-selected", "aria-pressed"].map((key) => el.getAttribute(key)).filter((value) => value !== null);
  if (told.length) return told.includes("true");
  return [...el.classList].some((token) => MARKED.test(token));
};
const tickedNow = (el) => (tickable(el) ? el.checked : isMarked(el));
const optionsOf = (root, place) => find(inPlace(root, place) || document.createElement("p"), [place.options]).map((hit) => hit.el);
const oddOneOut = (options) => { // a mark of the site's own: the one option that wears what no other does
  const worn = options.map((el) => [...el.classList].filter((token) => !/hover|focus|disabled/i.test(token)));
  const extra = worn.map((tokens) => tokens.filter((token) => !worn.every((other) => other.includes(token))));
  return options.filter((_, i) => extra[i].length > 0);
};
const chosenIn = (root, place) => {
  const options = optionsOf(root, place);
  if (!options.length) return null;
  const marked = options.some(isMarked) ? options.filter(isMarked) : oddOneOut(options);
  return marked.length === 1 ? optionWords(marked[0], place) : ""; // none or several: nothing is chosen for sure
};
const heldIn = (held) => {
  const root = scopeOf(held.scope);
  if (!root) return null;
  if (held.place.options) return chosenIn(root, held.place);
  const hits = targets(held);
  if (!hits.length) return null;
  if (hits.length > 1) return `(${hits.length})`;
  return held.ticks ? String(tickedNow(hits[0])) : shown(hits[0]);
};

const documents = () => { // this page, and what it shows in frames; a frame of another site says nothing
  const shown = [document];
  for (const one of shown) {
    for (const frame of one.querySelectorAll("iframe")) if (visible(frame) && frame.contentDocument && frame.contentDocument.body) shown.push(frame.contentDocument);
  }
  return shown;
};
const busy = () => request.busy.length > 0 && documents().some((one) => request.busy.some((locator) => seek(one, locator, false).length > 0));
const readOnce = (wish) => {
  const root = scopeOf(wish.scope);
  const places = Object.assign({}, ...wish.places.map((place) => readPlace(root, place)));
  const lists = Object.fromEntries(wish.lists.map((list) => [list.name, readList(root, list)]));
  const held = Object.fromEntries(wish.held.map((one) => [one.name, heldIn(one)]));
  return { places, lists, held };
};
const whole = (read) =>
  Object.values(read.places).every((one) => one.raw !== undefined && !one.why) &&
  Object.values(read.lists).every(
    (list) => (list.rows.length > 0) !== list.empty && (!list.count || list.count.raw !== undefined) &&
      list.rows.every((row) => Object.values(row).every((cell) => cell.raw !== undefined && !cell.why)));

// By the clock: asking for an animation frame makes the browser draw the page sixty times a second.
const moment = () => new Promise((done) => setTimeout(done, 20));
const forget = () => { shadows = null; grids.clear(); headings.clear(); };
const until = async (look) => {
  const end = performance.now() + request.patience;
  for (;;) {
    forget();
    const answer = look();
    if (answer.done || performance.now() >= end) return answer.value;
    await moment();
  }
};
const read = () => {
  let before = "";
  return until(() => {
    const now = readOnce(request.wish);
    const same = JSON.stringify(now) === before;
    before = JSON.stringify(now);
    const isBusy = busy();
    return { done: same && !isBusy && whole(now), value: { ...now, steady: same && !isBusy, whole: whole(now), busy: isBusy, page: performance.timeOrigin } };
  });
};
