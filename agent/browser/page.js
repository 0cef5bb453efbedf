// What is asked of a page, as one expression: it leaves nothing behind in the page but the guard of a commit click.
//
// async (request, element) => answer. `request.verb` is one of the last table, `element` the one it is about, if any. Places,
// scopes and lists are the plain forms made by forms.py. Words match as a person reads them: NFKC, blanks and letter case
// ignored, `*` only where written, and only visible things count. Elements and the guard are returned as they are,
// everything else as JSON text.
async (request, element) => {
  "use strict";

  // ---- words ---------------------------------------------------------------------------------------------------
  const BLANKS = /[\s\u200b-\u200d\u2060\ufeff]+/g;
  const squeeze = (text) => (text || "").normalize("NFKC").replace(BLANKS, "");
  const plain = (text) => squeeze(text).toLowerCase();
  const oneLine = (text) => (text || "").replace(BLANKS, " ").trim();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const LOOSE = new Set(["label", "beside", "column"]); // a trailing ： and the * of a required field are not part of the words

  const matchers = new Map();
  const wanted = (locator) => {
    const key = `${locator.way}=${locator.words}`;
    if (!matchers.has(key)) matchers.set(key, matcher(locator));
    return matchers.get(key);
  };
  const matcher = (locator) => {
    const loose = LOOSE.has(locator.way);
    const words = loose ? plain(locator.words).replace(/:+$/, "") : plain(locator.words);
    const chunks = words.split("*").filter(Boolean);
    const body = words.split("*").map(escaped).join(".*");
    const whole = new RegExp(loose ? `^\\**${body}[:*]*$` : `^${body}$`, "s");
    const before = new RegExp(`^\\**${body}\\**:(.+)$`, "s"); // 订单号：123 in one element
    return { test: (text) => whole.test(plain(text)), before: (text) => before.test(plain(text)), chunks };
  };

  // ---- what a person sees --------------------------------------------------------------------------------------
  const is = (el, ...tags) => tags.includes(el.tagName);
  const takesFile = (el) => is(el, "INPUT") && el.type === "file";
  const tickable = (el) => is(el, "INPUT") && (el.type === "checkbox" || el.type === "radio");
  const SELECT_ROOT = /^[a-z]+-(form-)?(select|cascader)$/; // ant-select, auxo-select, el-select, next-select, el-cascader, layui-form-select
  const TICK_ROOT = /^[a-z]+-(form-)?(switch|checkbox|radio)$/; // what a library draws for the box that it hides
  const FORM_ITEM = /(^|-)form-item$/; // auxo-form-item, el-form-item; not auxo-form-item-label
  const isTickRoot = (el) => Boolean(el) && [...el.classList].some((name) => TICK_ROOT.test(name));
  const isSelectRoot = (el) => [...el.classList].some((name) => SELECT_ROOT.test(name));
  const selectRoot = (el) => {
    for (let at = el, i = 0; at && i < 6; at = at.parentElement, i += 1) if (isSelectRoot(at)) return at;
    return null;
  };
  const outside = (el, box) => { // put where nobody can scroll to; what was only scrolled away is not
    let [right, bottom] = [box.right, box.bottom];
    for (let up = el; up && (right <= 0 || bottom <= 0); up = up.parentElement) { right += up.scrollLeft; bottom += up.scrollTop; }
    return right <= 0 || bottom <= 0;
  };
  const boxed = (el) => {
    const box = el.getBoundingClientRect();
    if (box.width > 1 && box.height > 1) return !outside(el, box);
    return [...el.children, ...(el.shadowRoot ? el.shadowRoot.children : [])].some((child) => child.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && boxed(child));
  };
  const hollow = (el) => !el.children.length && !el.shadowRoot && !el.textContent.trim(); // an empty value has no box of its own
  const visible = (el, mayBeEmpty = false) => {
    if (tickable(el) || takesFile(el)) {
      if (el.checkVisibility({ visibilityProperty: true }) && el.getBoundingClientRect().width > 1) return true;
      const drawn = (el.labels && el.labels[0]) || el.closest("label") || el.parentElement;
      return Boolean(drawn) && visible(drawn); // component libraries hide the box itself and draw another
    }
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    return boxed(el) || (mayBeEmpty && hollow(el));
  };
  const selected = (select) => oneLine([...select.selectedOptions].map((option) => option.label || option.text).join(" "));
  const pickedIn = (root) => {
    const items = [...root.querySelectorAll("[class*=-selection-item], [class*=-selection__rendered], [class*=-select-content-has-value], [class*=-select-inner] em, [class*=-select__placeholder]:not(.is-transparent), [class*=-select__tags-text]")];
    const outer = items.filter((item) => !items.some((other) => other !== item && other.contains(item)));
    const box = root.querySelector("[class*=-input__inner], [class*=-select-title] input"); // some write the choice into a box of text
    return oneLine(outer.map((item) => item.innerText || item.title).join(" ") || (box ? box.value : ""));
  };
  const controlText = (el) => {
    if (is(el, "SELECT")) return selected(el);
    if (takesFile(el)) return [...el.files].map((file) => file.name).join(", ");
    if (is(el, "INPUT", "TEXTAREA")) return tickable(el) ? String(el.checked) : el.value;
    return isSelectRoot(el) ? pickedIn(el) : null;
  };
  const CONTROLS =
    "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]), select, textarea, " +
    "[contenteditable=true], [role=combobox], [role=textbox], [role=spinbutton], [role=switch], [role=checkbox]";
  const shown = (el) => {
    const own = controlText(el);
    if (own !== null) return own;
    const text = el.innerText === undefined ? el.textContent : el.innerText;
    if (text.trim()) return text;
    const inner = controlsIn(el); // a cell that holds just a box
    return inner.length === 1 ? (controlText(inner[0]) ?? text) : text;
  };
  const name = (el) => [el.innerText, el.value, el.getAttribute("aria-label"), el.title].filter((text) => typeof text === "string");

  // ---- where to look -------------------------------------------------------------------------------------------
  let shadows = null; // found once per call; most pages have none
  const shadowsIn = (root) => {
    if (shadows === null) {
      shadows = [];
      const walk = (from) => {
        for (const el of from.querySelectorAll("*")) if (el.shadowRoot) { shadows.push(el.shadowRoot); walk(el.shadowRoot); }
      };
      walk(document);
    }
    const within = (shadow) => {
      for (let host = shadow.host; host; host = host.getRootNode().host) if (root.contains(host)) return true;
      return false;
    };
    return shadows.length ? shadows.filter(within) : [];
  };
  const all = (root, css) => [root, ...shadowsIn(root)].flatMap((part) => [...part.querySelectorAll(css)]);
  const holdsIn = (root, el) => { // as contains(), through open shadow roots
    for (let at = el; at; at = at.getRootNode().host) if (root.contains(at)) return true;
    return false;
  };
  const hosts = (el) => { // the element, and around it the hosts of the shadow trees it lies in, outermost first
    const chain = [el];
    for (let host = el.getRootNode().host; host; host = host.getRootNode().host) chain.unshift(host);
    return chain;
  };
  const precedes = (one, other) => { // order in the document; two shadow trees are as far apart as their hosts
    const [a, b] = [hosts(one), hosts(other)];
    let i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
    if (i === a.length || i === b.length) return a.length < b.length;
    return Boolean(a[i].compareDocumentPosition(b[i]) & Node.DOCUMENT_POSITION_FOLLOWING);
  };
  const once = (elements) => [...new Set(elements)];
  const innermost = (elements) => elements.filter((el) => !elements.some((other) => other !== el && el.contains(other)));
  const controlsIn = (root) => {
    const found = all(root, CONTROLS + ", [class*=-select]").filter((el) => el.matches(CONTROLS) || isSelectRoot(el));
    return once(found.map((el) => selectRoot(el) || el)).filter((el) => visible(el));
  };

  const DEAF = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "OPTION", "TEMPLATE", "HEAD"]);
  const saying = (root, fits, chunks) => {
    const holds = (text) => chunks.every((chunk) => text.includes(chunk));
    const down = (el) => {
      if (DEAF.has(el.tagName) || !holds(plain(el.textContent))) return [];
      const below = [...el.children].flatMap(down);
      if (below.length) return below;
      return fits(el.innerText === undefined ? el.textContent : el.innerText) && visible(el) ? [el] : [];
    };
    return [root, ...shadowsIn(root)].flatMap((part) => [...part.children].flatMap(down));
  };

  // ---- tables --------------------------------------------------------------------------------------------------
  const grids = new Map();
  const headings = new Map(); // table → words → columns
  const rowsOf = (table) => (is(table, "TABLE") ? [...table.rows] : all(table, "[role=row]"));
  const cellsOf = (row) => (row.cells ? [...row.cells] : [...row.querySelectorAll("[role=cell], [role=gridcell], [role=columnheader]")]);
  const gridOf = (table) => {
    if (grids.has(table)) return grids.get(table);
    const grid = new Map(); // row → cells by column, cells spanning from above included
    const pending = [];
    for (const row of rowsOf(table)) {
      const line = [];
      pending.forEach((span, column) => { if (span && span.left > 0) { line[column] = span.cell; span.left -= 1; } });
      let column = 0;
      for (const cell of cellsOf(row)) {
        while (line[column]) column += 1;
        for (let i = 0; i < (cell.colSpan || 1); i += 1) {
          line[column + i] = cell;
          pending[column + i] = { cell, left: (cell.rowSpan || 1) - 1 };
        }
      }
      grid.set(row, line);
    }
    grids.set(table, grid);
    return grid;
  };
  const HEADER = "th, [role=columnheader]";
  const headersFor = (table) => {
    const own = all(table, HEADER).filter((th) => !th.closest("tbody") || !table.tHead);
    if (own.length) return own;
    // component libraries keep the header in a table of its own, a few levels up
    for (let up = table.parentElement, i = 0; up && i < 6; up = up.parentElement, i += 1) {
      const near = all(up, HEADER);
      if (near.length) return near;
    }
    return [];
  };
  const underHeader = (row, locator) => {
    const table = row.closest("table, [role=table], [role=grid]");
    if (!table) return [];
    const line = gridOf(table).get(row.closest("tr, [role=row]")) || [];
    return once([...columnsUnder(table, locator)].map((column) => line[column]).filter(Boolean));
  };
  const columnsUnder = (table, locator) => {
    if (!headings.has(table)) headings.set(table, new Map());
    const known = headings.get(table);
    if (known.has(locator.words)) return known.get(locator.words);
    const { test } = wanted(locator);
    const columns = new Set();
    for (const header of headersFor(table).filter((th) => test(th.innerText))) {
      const line = gridOf(header.closest("table, [role=table], [role=grid]")).get(header.closest("tr, [role=row]")) || [];
      line.forEach((cell, column) => { if (cell === header) columns.add(column); });
    }
    known.set(locator.words, columns);
    return columns;
  };

  // ---- the ways to find ----------------------------------------------------------------------------------------
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
      .filter((hit) => hit.text !== undefined || visible(hit.el, mayBeEmpty || locator.way === "beside" || locator.way === "column"));
  const find = (root, locators, mayBeEmpty = false) => {
    for (const locator of locators) {
      const hits = seek(root, locator, mayBeEmpty);
      if (hits.length) return hits; // a list of locators: the first that shows anything decides
    }
    return [];
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

  // ---- reading -------------------------------------------------------------------------------------------------
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
    const hits = within ? find(within, place.find, true) : [];
    if (place.together ? !hits.length : hits.length !== 1) return { [place.name]: { count: hits.length } };
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
  const readInRow = (row, place) => {
    const root = rootFor(row, place);
    if (!place.in_footing) return root ? readPlace(root, place) : { [place.name]: { count: 0 } };
    const read = root ? readPlace(root, place) : { [place.name]: { count: 0 } };
    return read[place.name].count === 0 ? { [place.name]: { raw: "" } } : read; // an order without a remark has no such row
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
    return marked.length === 1 ? oneLine(marked[0].innerText) : ""; // none or several: nothing is chosen for sure
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

  // ---- looking for one thing -----------------------------------------------------------------------------------
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
  const off = (el) => el.disabled === true || el.getAttribute("aria-disabled") === "true" || [...el.classList].some((token) => /(^|-)disabled$/.test(token)) || (isSelectRoot(el) && el.querySelector("input:disabled") !== null);
  const one = () => until(() => {
    const found = targets(request.target);
    const usable = found.length === 1 && !off(found[0]) && !busy();
    return { done: usable, value: usable ? onTop(found[0]) : { count: found.length, off: found.length === 1 && off(found[0]), busy: busy(), offers: offers() } };
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

  // ---- controls ------------------------------------------------------------------------------------------------
  const OPTIONS =
    "[class*=-select-item-option], [role=option], [class*=-select-dropdown-menu-item], [class*=-select-dropdown__item], [class*=next-menu-item], [class*=-form-select] dd:not([class*=-tips])";
  const words = (el) => oneLine(el.innerText || el.title || el.textContent);
  const closing = (el) => el.closest("[class*=-dropdown-hidden], [class*=-leave-]") !== null; // still drawn while it goes away
  const openOptions = () => {
    const seen = all(document, OPTIONS).filter((el) => visible(el) && !off(el) && !closing(el));
    return seen.filter((el) => !seen.some((other) => other !== el && other.contains(el)));
  };
  const choices = () => {
    if (request.target.place.options) return optionsOf(scopeOf(request.target.scope) || document, request.target.place).filter((el) => !off(el));
    if (!element) return openOptions();
    return is(element, "SELECT") ? [...element.options].filter((option) => !option.disabled && !option.hidden) : openOptions();
  };
  const choose = () => until(() => {
    const offered = choices();
    for (const spelling of request.spellings) {
      const same = offered.filter((el) => squeeze(words(el)) === squeeze(spelling));
      if (same.length === 1 && !busy()) return { done: true, value: same[0] };
      if (same.length) return { done: false, value: { count: same.length, offers: offered.map(words).slice(0, 40) } };
    }
    return { done: false, value: { count: 0, offers: offered.map(words).slice(0, request.most || 40) } };
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
      for (const el of openOptions()) {
        offered.add(oneLine(words(el)));
        const down = box ? (el.getBoundingClientRect().top - box.getBoundingClientRect().top) / unrolled(box) + box.scrollTop : 100 * openOptions().indexOf(el);
        if (says(el) && ![...found.keys()].some((known) => Math.abs(known - down) < 8)) found.set(down, box ? box.scrollTop : 0);
      }
      if (!box || !box.isConnected || box.scrollTop + box.clientHeight >= box.scrollHeight - 1) return { found: [...found.values()], offered: [...offered] };
      const before = box.scrollTop;
      await moveTo(box, before + Math.max(20, box.clientHeight - 40));
      if (box.scrollTop <= before) return { found: [...found.values()], offered: [...offered] };
    }
  };
  const drawnAgain = async (top) => {
    await moveTo(scrolled(openOptions()[0]), top);
    return openOptions().find((el) => says(el)) || { count: 0, offers: [] };
  };

  // ---- in the way ----------------------------------------------------------------------------------------------
  const atPoint = (from, x, y) => {
    let hit = from.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const inView = (box, view) => box.top >= 0 && box.left >= 0 && box.bottom <= view.innerHeight && box.right <= view.innerWidth;
  const free = (el) => { // whether a click in its middle meets it, on its own page and through every frame around that
    if (!inView(el.getBoundingClientRect(), el.ownerDocument.defaultView)) el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = el.getBoundingClientRect();
    let [x, y, at] = [box.left + box.width / 2, box.top + box.height / 2, el];
    for (;;) {
      if (!meets(atPoint(at.ownerDocument, x, y), at)) return false;
      const frame = at.ownerDocument.defaultView.frameElement;
      if (!frame || at.ownerDocument === document) return true;
      const around = frame.getBoundingClientRect();
      [x, y, at] = [x + around.left + frame.clientLeft, y + around.top + frame.clientTop, frame];
    }
  };
  const meets = (hit, el) => {
    for (let at = hit; at; at = at.parentElement || at.getRootNode().host) if (at === el) return true;
    const label = hit && hit.closest("label");
    return Boolean(label) && (label.control === el || label.contains(el));
  };
  const onTop = (el) => { // a column that stands still may be drawn once more, over itself
    if (!request.target.list || free(el)) return el;
    el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = el.getBoundingClientRect();
    const near = (other) => Math.abs(other.left - box.left) < 3 && Math.abs(other.top - box.top) < 3;
    const line = (one) => { const row = one.closest("tr"); return row ? row.sectionRowIndex : -1; };
    const same = (at) => at.isEqualNode(el) && near(at.getBoundingClientRect()) && line(at) === line(el); // never another row's
    for (let at = atPoint(el.ownerDocument, box.left + box.width / 2, box.top + box.height / 2); at; at = at.parentElement) if (same(at)) return at;
    return el;
  };
  const covered = () => !free(element);
  const wayOut = () => {
    for (const locator of request.in_the_way) {
      const ready = documents().flatMap((one) => seek(one, locator, false)).map((hit) => hit.el).filter((el) => !off(el) && free(el));
      if (ready.length) return ready.at(-1); // the last drawn lies on top
    }
    return null;
  };
  const shut = () => { // what boxes have opened, by a click beside it; some are left only so
    const ofBox = (el) => el.matches(BOXES) || el.querySelector(BOXES);
    const open = documents().filter((one) => all(one, "[aria-haspopup][aria-expanded=true]").some(ofBox) || all(one, CALENDARS).some((el) => visible(el)));
    for (const one of open) for (const type of ["mousedown", "mouseup", "click"]) one.body.dispatchEvent(new MouseEvent(type, { bubbles: true }));
    return open.length > 0;
  };
  const leave = () => { // the box that has the focus; whether there was one
    const boxes = documents().map((one) => one.activeElement).filter((el) => el && el.matches(CONTROLS));
    boxes.forEach((el) => el.blur());
    return shut() || boxes.length > 0;
  };
  const outline = () => {
    const style = element.style;
    const former = style.outline;
    style.outline = request.on ? "3px solid #e4572e" : "";
    return former;
  };
  const toLastRow = () => {
    const root = scopeOf(request.target.scope);
    const rows = root ? ranked(root, request.target.list) : [];
    const last = rows.length ? rows.at(-1).footing || rows.at(-1).el : null;
    if (last) last.scrollIntoView({ block: "end", behavior: "instant" });
    for (let up = last; up; up = up.parentElement) if (up.scrollHeight > up.clientHeight) up.scrollTop = up.scrollHeight;
    window.scrollTo(0, document.documentElement.scrollHeight);
    return rows.length;
  };

  // ---- looked at, for whoever mends the file -------------------------------------------------------------------
  const count = () => request.things.map(({ scope, list, place, around, locators }) => { // per locator: one number, or one a row
    const root = scopeOf(scope);
    const within = (from) => (from && place && !around ? inPlace(from, place) : from);
    const roots = list ? (root ? ranked(root, list).map((row) => within(rootFor(row, place))) : []) : [within(root)];
    return locators.map((locator) => roots.map((from) => (from ? seek(from, locator, true).length : 0)));
  });
  const KEPT = new Set(["class", "id", "role", "type", "name", "for", "tabindex", "disabled", "readonly", "checked", "hidden", "colspan", "rowspan", "data-testid"]);
  const known = (text) => plain(text) && request.words.includes(plain(text).replace(/^\*+|[:*]+$/g, ""));
  const masked = (text) => {
    if (known(text)) return oneLine(text);
    return oneLine(text).slice(0, 40).replace(/\p{N}/gu, "0").replace(/\p{Script=Latin}/gu, "x").replace(/[^0x\p{P}\p{S}\s]/gu, "字");
  };
  const skeleton = () => { // tags, roles, attributes; every word and number another, but for those that the site file names itself
    const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
    const attributes = (el) => [...el.attributes].filter((one) => !one.name.startsWith("on") && one.name !== "style").map((one) => {
      const value = KEPT.has(one.name) ? one.value.replace(/\p{N}/gu, "0") : masked(one.value);
      return ` ${one.name}="${quoted(value)}"`;
    });
    const lines = [];
    const down = (node, depth) => {
      const pad = "  ".repeat(depth);
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) lines.push(pad + quoted(masked(node.data)));
      if (node.nodeType !== Node.ELEMENT_NODE || is(node, "SCRIPT", "STYLE", "NOSCRIPT", "META", "LINK", "BASE")) return;
      const tag = node.tagName.toLowerCase();
      lines.push(`${pad}<${tag}${attributes(node).join("")}>`);
      const inner = node.shadowRoot ? [...node.shadowRoot.childNodes] : [];
      const framed = is(node, "IFRAME") && node.contentDocument ? [node.contentDocument.documentElement] : [];
      if (tag !== "svg") for (const child of [...inner, ...framed, ...node.childNodes]) down(child, depth + 1);
      lines.push(`${pad}</${tag}>`);
    };
    down(document.documentElement, 0);
    return lines.join("\n") + "\n";
  };

  // ---- the click that orders -----------------------------------------------------------------------------------
  // Reads everything compared once more inside the event itself. One value differs: the event ends here and nothing is
  // sent. Exactly one click comes through; whatever else strikes the button, from a hand or a script, ends here too.
  const guard = () => {
    const state = { differs: null, through: [] };
    const isTarget = (event) => {
      const path = event.composedPath();
      return path.includes(element) || targets(request.target).some((el) => path.includes(el));
    };
    const differing = () => {
      const now = readOnce(request.wish);
      for (const part of ["places", "lists", "held"]) {
        for (const key of Object.keys(request.expected[part])) {
          if (JSON.stringify(now[part][key]) !== JSON.stringify(request.expected[part][key])) return key;
        }
      }
      return null;
    };
    const stop = (event) => { event.stopImmediatePropagation(); event.preventDefault(); };
    const listen = (event) => {
      forget();
      if (!isTarget(event)) { if (!state.through.includes("click")) stop(event); return; } // nothing else before the click
      if (state.differs === null && !state.through.includes(event.type)) {
        state.differs = differing();
        if (state.differs === null) { state.through.push(event.type); return; }
      }
      stop(event);
    };
    for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "dblclick"]) element.ownerDocument.defaultView.addEventListener(type, listen, true);
    return { look: () => state };
  };

  const verbs = {
    read, one, several, offers, divide, conditions, said, quiet, choose, kind, ticked, hand, held, lettered, search, seekChoice, level, opened, covered, wayOut, shut, leave, outline, toLastRow, count, skeleton, guard,
    shown: () => shown(element),
    page: () => performance.timeOrigin,
  };
  const answer = await verbs[request.verb]();
  return (answer && answer.nodeType) || request.verb === "guard" || request.verb === "several" ? answer : JSON.stringify({ answer });
}
