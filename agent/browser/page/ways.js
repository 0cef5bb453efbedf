// The ways to find: one function a way of definition.py, and the table of them.

const BUTTONS =
  "button, [role=button], input[type=button], input[type=submit], input[type=reset], input[type=image], summary, " +
  "a[class*=btn], a[class*=button], q-button";
const TABS = "[role=tab], [class*=-tabs-tab], [class*=-tab-title] > li, [class*=-tabs-header] > li";
const HEADINGS =
  "h1, h2, h3, h4, h5, h6, [role=heading], legend, caption, [class*=-modal-title], [class*=-modal-confirm-title], [class*=-drawer-title], " +
  "[class*=-card-head-title], [class*=-page-header-heading-title], [class*=-dialog__title], [class*=-message-title], [class*=-layer-title]";
const DIALOGS = "dialog[open], [role=dialog], [role=alertdialog], [class*=-modal-content], [class*=-drawer-content], [class*=-dialog__wrapper], [class*=-layer-dialog], [class*=-layer-page]";
const SECTIONS = "section, fieldset, article, form, [role=region], [role=group], [class*=-card], [class*=panel]";
const named = (css) => (root, locator) => {
  const { test } = wanted(locator);
  return innermost(all(root, css).filter((el) => name(el).some(test)));
};
const titled = (css) => (root, locator) => {
  const { test } = wanted(locator);
  const title = (el) => {
    const by = (el.getAttribute("aria-labelledby") || "").split(" ").map((id) => id && document.getElementById(id)).filter(Boolean);
    return [el.getAttribute("aria-label"), by.map((one) => one.innerText).join(" ")].some((text) => text && test(text));
  };
  const fits = (el) => title(el) || all(el, HEADINGS).some((heading) => visible(heading) && test(heading.innerText));
  return innermost(all(root, css).filter(fits));
};

const owner = (el) => selectRoot(el) || el;
const after = (mark, controls) => controls.find((el) => precedes(mark, el));
const controlAfter = (mark, root) => {
  for (let up = mark.parentElement, i = 0; up && i < 5 && holdsIn(root, up); up = up.parentElement, i += 1) {
    const next = after(mark, controlsIn(up));
    if (next) {
      const labels = next.labels ? [...next.labels] : [];
      return labels.length && !labels.some((label) => label === mark || label.contains(mark) || mark.contains(label)) ? null : next;
    }
    if (is(up, "TR", "FORM") || [...up.classList].some((token) => FORM_ITEM.test(token))) return null;
  }
  return null;
};
const drawnFor = (mark) => { // the hidden box before what a library draws for it, with these words
  const drawn = [mark, mark.parentElement].find(isTickRoot);
  const before = drawn && drawn.previousElementSibling;
  return before && tickable(before) ? before : null;
};
const byLabel = (root, locator) => {
  const { test, chunks } = wanted(locator);
  const aria = all(root, "[aria-label], [aria-labelledby]").filter((el) => el.matches(CONTROLS)).filter((el) => {
    const by = (el.getAttribute("aria-labelledby") || "").split(" ").map((id) => id && document.getElementById(id)).filter(Boolean);
    return test(el.getAttribute("aria-label") || "") || (by.length > 0 && test(by.map((one) => one.innerText).join(" ")));
  });
  const labels = all(root, "label").filter((label) => visible(label) && test(label.innerText));
  const owned = labels.map((label) => (label.control && holdsIn(root, label.control) ? label.control : controlAfter(label, root)));
  const found = [...aria, ...owned].filter(Boolean).map(owner);
  if (found.length) return once(found);
  const marks = saying(root, test, chunks).filter((el) => !el.closest("th, option"));
  return once(marks.map((mark) => drawnFor(mark) || controlAfter(mark, root)).filter(Boolean).map(owner));
};

const DECOR = new Set(["I", "SVG", "IMG", "SCRIPT", "STYLE"]);
const valueAfter = (mark) => {
  const texts = [];
  for (let node = mark.nextSibling; node; node = node.nextSibling) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim().replace(/^[:：]$/, "")) texts.push(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      if (DECOR.has(node.tagName.toUpperCase()) || !node.checkVisibility({ visibilityProperty: true })) continue;
      if (is(node, "BR") || (texts.length && node.tagName === mark.tagName)) break;
      if (!texts.length) return { el: node };
      texts.push(node.innerText);
    }
  }
  return texts.length ? { el: mark.parentElement, text: texts.join(" ").replace(/^\s*[:：]/, "") } : null;
};
const beside = (root, locator) => {
  const { test, before, chunks } = wanted(locator);
  const hits = [];
  for (const found of saying(root, test, chunks)) {
    let mark = found;
    while (mark !== root && !mark.nextElementSibling && !valueAfter(mark) && mark.parentElement && test(mark.parentElement.innerText)) {
      mark = mark.parentElement;
    }
    if (is(mark, "TH") && mark.nextElementSibling && is(mark.nextElementSibling, "TH")) continue; // the head of a table
    const hit = valueAfter(mark);
    if (hit) hits.push(hit);
  }
  if (hits.length) return hits;
  return saying(root, before, chunks).map((el) => ({ el, text: el.innerText.replace(/^[^:：]*[:：]/, "") }));
};

const byXpath = (root, locator) => {
  const found = document.evaluate(locator.words, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i)).filter((node) => node.nodeType === Node.ELEMENT_NODE);
};
const byRow = (root, locator) => {
  if (!locator.words) return [root];
  const { test } = wanted(locator);
  return all(root, "tr, [role=row]").filter((row) => cellsOf(row).some((cell) => test(cell.innerText)));
};
const byPlaceholder = (root, locator) => {
  const { test } = wanted(locator);
  const written = all(root, "[placeholder]").filter((el) => test(el.getAttribute("placeholder")));
  const drawn = all(root, "[class*=-selection-placeholder]").filter((el) => test(el.innerText)).map(owner);
  return once([...written.map(owner), ...drawn]);
};
const bySection = (root, locator) => {
  const { test } = wanted(locator);
  const headings = all(root, HEADINGS).filter((el) => visible(el) && test(el.innerText));
  return once(headings.map((heading) => heading.closest(SECTIONS) || heading.parentElement));
};
const WAYS = {
  label: byLabel,
  button: named(BUTTONS),
  link: named("a, [role=link]"),
  heading: named(HEADINGS),
  tab: named(TABS),
  text: (root, locator) => { const { test, chunks } = wanted(locator); return saying(root, test, chunks); },
  placeholder: byPlaceholder,
  dialog: titled(DIALOGS),
  beside,
  column: underHeader,
  section: bySection,
  row: byRow,
  css: (root, locator) => all(root, locator.words),
  xpath: byXpath,
  test_id: (root, locator) => all(root, `[data-testid="${CSS.escape(locator.words)}"]`),
};

const seek = (root, locator, mayBeEmpty) =>
  WAYS[locator.way](root, locator)
    .map((hit) => (hit.nodeType ? { el: hit } : hit))
    .filter((hit) => hit.text !== undefined || (mayBeEmpty === "hidden" && hit.el.matches("input[type=hidden]")) || visible(hit.el, mayBeEmpty || locator.way === "beside" || locator.way === "column"));
const find = (root, locators, mayBeEmpty = false) => {
  for (const locator of locators) {
    const hits = seek(root, locator, mayBeEmpty);
    if (hits.length) return hits; // a list of locators: the first that shows anything decides
  }
  return [];
};
const alike = (one, other) => { // the same thing; a frame around it that says no more is the same, too
  const around = one.el.contains(other.el) || other.el.contains(one.el);
  return one.el === other.el || (around && plain(one.text ?? shown(one.el)) === plain(other.text ?? shown(other.el)));
};
const apart = (root, locators, mayBeEmpty = false) => { // two of the locators that both find something, and not the same; or none
  if (locators.length < 2 || !root) return [];
  const found = locators.map((locator) => ({ locator, hits: seek(root, locator, mayBeEmpty) })).filter(({ hits }) => hits.length);
  const odd = found.find(({ hits }) => hits.length !== found[0].hits.length || hits.some((hit, i) => !alike(hit, found[0].hits[i])));
  return odd ? [found[0], odd].map(({ locator }) => `${locator.way}=${locator.words}`) : [];
};
const enter = (el) => (is(el, "IFRAME") ? el.contentDocument : el);
const scopeOf = (insides) => {
  let root = document;
  for (const locators of insides) {
    const hits = root ? find(root, locators) : [];
    if (hits.length !== 1) return null;
    root = enter(hits[0].el);
  }
  return root;
};
const inPlace = (root, place) => {
  if (!place.inside.length) return root;
  const hits = root ? find(root, place.inside) : [];
  return hits.length === 1 ? enter(hits[0].el) : null;
};
