// Looking for one thing or several, waiting for pages and rows, and for the page to rest.

const targets = (target) => {
  const root = scopeOf(target.scope);
  if (!root) return [];
  if (!target.list) {
    const within = inPlace(root, target.place);
    return within ? once(find(within, target.place.find).map((hit) => hit.el)) : [];
  }
  const fitting = ranked(root, target.list).filter((row) => fits(row, target.list, target.where));
  const rows = target.any_row ? fitting.slice(0, 1) : fitting;
  return once(rows.flatMap((row) => { const from = rootFor(row, target.place); return from ? find(from, target.place.find).map((hit) => hit.el) : []; }));
};
const partedFor = (target) => { // of a click that writes: two spellings of it that find different things
  const root = target.agreed ? scopeOf(target.scope) : null;
  return root ? apart(inPlace(root, target.place), target.place.find) : [];
};
const turned = { back: false };
const lookFromTheTop = () => {
  const last = rowsOfTarget().at(-1);
  if (turned.back || !last || !movers(last.el).every(atEnd)) return;
  turned.back = true;
  toFirstRow();
};
const off = (el) => el.disabled === true || el.getAttribute("aria-disabled") === "true" || [...el.classList].some((token) => /(^|-)disabled$/.test(token)) || (isSelectRoot(el) && el.querySelector("input:disabled") !== null);
const one = () => until(() => {
  const found = targets(request.target);
  if (!found.length && request.target.list) toNextRows() || lookFromTheTop(); // the row may be drawn only where it is in view
  const odd = partedFor(request.target);
  const usable = found.length === 1 && !odd.length && !off(found[0]) && !busy();
  return { done: usable, value: usable ? onTop(found[0]) : { odd, count: found.length, off: found.length > 0 && found.every(off), busy: busy(), offers: offers() } };
});
const several = () => targets(request.target);
const divide = () => { // how many rows `where` names, and what all the others show; twice until equal
  const { scope, list, where } = request.target;
  let before = "";
  return until(() => {
    const root = scopeOf(scope);
    const rows = root ? ranked(root, list) : [];
    const empty = Boolean(root) && find(root, list.nothing_found).length > 0;
    const others = rows.filter((row) => !fits(row, list, where));
    const cells = others.map((row) => Object.assign({}, ...list.read.map((place) => readInRow(row, place))));
    const now = { fitting: rows.length - others.length, others: cells };
    const same = JSON.stringify(now) === before;
    before = JSON.stringify(now);
    const done = same && !busy() && (rows.length > 0) !== empty;
    return { done, value: { ...now, whole: done } };
  });
};

const OFFERED = { button: BUTTONS, link: "a, [role=link]", heading: HEADINGS, tab: TABS, label: "label", column: HEADER, dialog: HEADINGS, section: HEADINGS, beside: "dt, th, label, [class*=-item-label]" };
const offers = () => {
  const way = request.target.place.find.length ? request.target.place.find[0].way : "css";
  if (way === "placeholder") return once(all(document, "[placeholder]").filter((el) => visible(el)).map((el) => el.getAttribute("placeholder"))).slice(0, 12);
  if (!OFFERED[way]) return [];
  const words = all(document, OFFERED[way]).filter((el) => visible(el)).map((el) => oneLine(name(el)[0] || name(el)[1] || "").slice(0, 24));
  return once(words.filter(Boolean)).slice(0, 12);
};

const holds = (wish) => {
  if (wish.gone && scopeOf(wish.gone) !== null) return false; // the dialog it came from still stands there
  const root = scopeOf(wish.scope);
  if (!root) return false;
  if (wish.here_if) return wish.here_if.some((locator) => seek(root, locator, false).length > 0);
  if (wish.list) {
    const rows = ranked(root, wish.list);
    if (Object.keys(wish.where).length) return rows.some((row) => fits(row, wish.list, wish.where));
    return rows.length > 0 || (wish.list.nothing_found.length > 0 && find(root, wish.list.nothing_found).length > 0);
  }
  if (wish.place.options) return optionsOf(root, wish.place).length > 0;
  const within = inPlace(root, wish.place);
  return Boolean(within) && find(within, wish.place.find).length > 0;
};
const conditions = () => until(() => {
  const now = request.wishes.map(holds);
  const met = request.gone ? now.every((one) => !one) : now.some(Boolean);
  return { done: met, value: { met: now, page: performance.timeOrigin } };
});
const said = () => {
  const text = documents().map((one) => plain(one.body ? one.body.innerText : "")).join("\n");
  return request.messages.filter((words) => text.includes(plain(words)));
};

// Waits until nothing has been added, removed or rewritten for a moment and nothing spins; a page that never rests is left.
const quiet = async () => {
  let touched = performance.now();
  const watcher = new MutationObserver(() => { touched = performance.now(); });
  for (const part of [...documents(), ...shadowsIn(document)]) watcher.observe(part, { childList: true, subtree: true, characterData: true });
  const end = performance.now() + request.patience;
  while (performance.now() < end && (performance.now() - touched < request.rest || busy())) await moment();
  watcher.disconnect();
  return { page: performance.timeOrigin, busy: busy() };
};
