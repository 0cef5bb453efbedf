// Controls: what an open select or cascader offers, what a tick box says, what a finger can reach.

const OPTIONS =
  "[class*=-select-item-option], [role=option], [class*=-select-dropdown-menu-item], [class*=-select-dropdown__item], [class*=next-menu-item], [class*=-form-select] dd:not([class*=-tips])";
const picture = (el) => { const drawn = el.querySelector("img[alt]"); return drawn ? drawn.alt : ""; };
const words = (el) => oneLine([el.innerText, el.title, el.getAttribute("aria-label"), picture(el)].find((text) => text && text.trim()) || el.textContent);
const optionWords = (el, place) => (place.options && place.attribute ? oneLine(el.getAttribute(place.attribute)) : words(el));
const closing = (el) => el.closest("[class*=-dropdown-hidden], [class*=-leave-]") !== null; // still drawn while it goes away
const openOptions = () => {
  const seen = all(document, OPTIONS).filter((el) => visible(el) && !off(el) && !closing(el));
  let outer = null; // they stand in the document's order: what lies in one comes right after it
  return seen.filter((el) => {
    if (outer && outer.contains(el)) return false;
    outer = el;
    return true;
  });
};
const choices = () => {
  if (request.target.place.options) return optionsOf(scopeOf(request.target.scope) || document, request.target.place).filter((el) => !off(el));
  if (!element) return openOptions();
  return is(element, "SELECT") ? [...element.options].filter((option) => !option.disabled && !option.hidden) : openOptions();
};
const all_said = (offered) => offered.map((el) => optionWords(el, request.target.place));
const choose = () => until(() => {
  const offered = choices();
  for (const spelling of request.spellings) {
    const same = offered.filter((el) => squeeze(optionWords(el, request.target.place)) === squeeze(spelling));
    if (same.length === 1 && !busy()) return { done: true, value: same[0] };
    if (same.length) return { done: false, value: { count: same.length, offers: all_said(offered).slice(0, 40) } };
  }
  return { done: false, value: { count: 0, offers: all_said(offered).slice(0, request.most || 40) } };
});
const cascader = (el) => [...el.classList].some((token) => /-cascader$/.test(token));
const levelItems = (at) => { // what the `at`-th column of an open cascader offers
  const menus = all(document, "[class*=-cascader-menu]").filter((el) => [...el.classList].some((token) => /-cascader-menu$/.test(token)) && visible(el) && !closing(el));
  return menus[at] ? all(menus[at], "[class*=-cascader-menu-item], [class*=-cascader-node]").filter((el) => /-cascader-(menu-item|node)(\s|$)/.test(el.className)) : [];
};
const level = () => until(() => {
  const offered = levelItems(request.at).filter((el) => !off(el));
  const fits = offered.filter((el) => request.spellings.some((spelling) => squeeze(words(el)) === squeeze(spelling)));
  const done = fits.length === 1 && !busy();
  return { done, value: done ? fits[0] : { count: fits.length, offers: offered.map(words).slice(0, 40) } };
});
const opened = () => until(() => { // what an open select shows: some are a cascader and do not look it before
  const kind = levelItems(0).length ? "levels" : openOptions().length ? "drawn" : null;
  return { done: kind, value: kind };
});
const kind = () => {
  const el = element;
  if (is(el, "SELECT")) return "native";
  if (cascader(el)) return "levels";
  if (isSelectRoot(el) || el.getAttribute("role") === "combobox") return "drawn";
  return tickable(el) || ["checkbox", "switch", "radio"].includes(el.getAttribute("role")) ? "tick" : "text";
};
const ticked = () => tickedNow(element);
const hand = () => { // what of a tick box a finger can reach
  const el = element;
  const box = el.getBoundingClientRect();
  if (box.width > 1 && el.checkVisibility({ visibilityProperty: true })) return onTop(el);
  const drawn = [el.parentElement, el.nextElementSibling].find(isTickRoot);
  return onTop(el.closest("label") || drawn || (el.labels && el.labels[0]) || el.parentElement);
};
const held = () => heldIn(request.held);
const CALENDARS = "[id*=-laydate]:not([class*=-static])"; // opened by a box that does not say so
const BOXES = "input:not([type=checkbox]):not([type=radio]), textarea";
const lettered = () => until(() => { // after a finger was on a box that took no letters: it, or the box that it opened
  const at = element.ownerDocument.activeElement;
  const takes = at && at.matches(BOXES) && !at.readOnly;
  return { done: takes, value: takes ? at : null };
});
const search = () => (takesFile(element) ? "file" : element.querySelector("input:not([readonly])")); // what letters go into
// The one option of an open list that says the words. A virtual list draws only what is in view, so it is gone through from top
// to end: the same words may stand further down once more. Answers what was offered where there is none, or several.
const seekChoice = async () => {
  const end = performance.now() + request.wait;
  for (;;) {
    const { found, offered } = await goneThrough();
    if (found.length === 1 && !busy()) return openOptions().find((el) => says(el)) || (await drawnAgain(found[0]));
    if (found.length > 1 || performance.now() > end) return { count: found.length, offers: offered.slice(0, 40) };
    await moment();
  }
};
const says = (el) => squeeze(words(el)) === squeeze(request.spelling);
const scrolled = (el) => { // what moves the options of a list
  for (let up = el && el.parentElement; up && up !== document.body; up = up.parentElement) if (up.scrollHeight > up.clientHeight + 1 && up.clientHeight > 1 && getComputedStyle(up).overflowY !== "visible") return up;
  return null;
};
const moveTo = async (box, top) => {
  box.scrollTop = top;
  await moment();
  await moment();
};
const unrolled = (box) => box.getBoundingClientRect().height / box.offsetHeight || 1; // a list that opens is drawn smaller for a moment
const goneThrough = async () => {
  const box = scrolled(openOptions()[0]);
  const offered = new Set();
  const found = new Map(); // how far down → where its list stood
  if (box) await moveTo(box, 0);
  for (;;) {
    const open = openOptions().map((el, at) => ({ el, said: oneLine(words(el)), top: box ? downIn(box, el) : 100 * at }));
    for (const { el, said, top } of open) {
      offered.add(said);
      if (says(el) && ![...found.keys()].some((known) => Math.abs(known - top) < 8)) found.set(top, box ? box.scrollTop : 0);
    }
    if (!box || !box.isConnected || box.scrollTop + box.clientHeight >= box.scrollHeight - 1) return { found: [...found.values()], offered: [...offered] };
    const before = box.scrollTop;
    await moveTo(box, Math.max(before + Math.max(20, box.clientHeight - 40), drawnTo(box, open) - 40));
    if (box.scrollTop <= before) return { found: [...found.values()], offered: [...offered] };
  }
};
const downIn = (box, el) => (el.getBoundingClientRect().top - box.getBoundingClientRect().top) / unrolled(box) + box.scrollTop;
const drawnTo = (box, open) => { // how far down the options are drawn without a gap: most lists draw all of them, out of view too
  const tops = open.filter(({ el }) => box.contains(el)).map(({ top }) => top).filter((top) => top >= box.scrollTop);
  let down = box.scrollTop;
  for (const top of tops.sort((one, other) => one - other)) if (top - down < box.clientHeight / 2) down = top;
  return down;
};
const drawnAgain = async (top) => {
  await moveTo(scrolled(openOptions()[0]), top);
  return openOptions().find((el) => says(el)) || { count: 0, offers: [] };
};
