// What a person points at: the thing a step would act on or read, and what a site file may say to find exactly it.

const ACTED_ON = `${BUTTONS}, a, [role=link], [role=tab], ${CONTROLS}`;
const tabAround = (el) => {
  for (let at = el, i = 0; at && i < 4; at = at.parentElement, i += 1) {
    if ([...at.classList].some((token) => /-tabs-tab$/.test(token)) || at.matches("[class*=-tab-title] > li, [class*=-tabs-header] > li")) return at.querySelector("[role=tab]") || at;
  }
  return null;
};
const tickAround = (el) => {
  const label = el.closest("label");
  if (label && label.control && tickable(label.control)) return label.control;
  for (let at = el, i = 0; at && i < 4; at = at.parentElement, i += 1) {
    if (!isTickRoot(at)) continue;
    const before = at.previousElementSibling;
    return at.querySelector("input[type=checkbox], input[type=radio]") || (before && tickable(before) ? before : at);
  }
  return null;
};
const onlyBox = (el) => { // the edge of a drawn box stands for the box
  const held = el.innerText && el.innerText.trim() ? [] : controlsIn(el);
  return held.length === 1 && el.getBoundingClientRect().height < 90 ? held[0] : null;
};
const single = (el) => { // of a column that is drawn once more over itself, the one that lies in the whole row
  if (!el.closest("table") || !el.closest("[aria-hidden=true]")) return el;
  const box = el.getBoundingClientRect();
  const same = (other) => !other.closest("[aria-hidden=true]") && other.tagName === el.tagName && squeeze(other.innerText) === squeeze(el.innerText);
  return el.ownerDocument.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2).find(same) || el;
};
const meant = (el) => actedOn(single(el));
const actedOn = (el) => selectRoot(el) || el.closest("[role=switch]") || tickAround(el) || el.closest(ACTED_ON) || tabAround(el) || onlyBox(el) || el;
const pointed = () => { // left behind by the browser's own picking, in the page where it was
  const key = Symbol.for(request.key);
  const held = documents().map((one) => one.defaultView).find((view) => view && view[key]);
  if (!held) return null;
  const at = held[key];
  delete held[key];
  const el = at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement;
  return el && (!kept.over || kept.over.host !== el) ? meant(el) : null;
};
const unheard = () => { // Escape ends the picking, not the dialog of the page
  const stop = (event) => { if (event.key === "Escape") { event.stopImmediatePropagation(); event.preventDefault(); } };
  const views = documents().map((one) => one.defaultView);
  for (const view of views) for (const type of ["keydown", "keyup", "keypress"]) view.addEventListener(type, stop, true);
  heardAgain();
  kept.deaf = () => { for (const view of views) for (const type of ["keydown", "keyup", "keypress"]) view.removeEventListener(type, stop, true); };
  return true;
};
const heardAgain = () => {
  if (kept.deaf) kept.deaf();
  delete kept.deaf;
  return true;
};

const WAY_ORDER = ["label", "button", "link", "tab", "placeholder", "heading", "beside", "column", "text", "dialog", "test_id", "css"];
const acts = (el) => el.matches(ACTED_ON) || isSelectRoot(el);
const brief = (text) => {
  const line = ideograms(oneLine(text));
  return line && [...line].length <= 30 && !line.includes("*") ? line : "";
};
const bare = (text) => brief((text || "").replace(/^[\s*＊]+|[\s*＊:：]+$/g, ""));
const textOfNode = (node) => (node.nodeType === Node.TEXT_NODE ? node.data : node.nodeType === Node.ELEMENT_NODE && !node.matches("script, style") && !node.matches(HEADINGS) ? node.innerText || "" : "").trim();
const marksBefore = (el, root) => { // what stands before it, the nearest first, and what says it
  const found = [];
  for (let at = el, i = 0; at && at !== root && i < 5 && found.length < 4; at = at.parentElement, i += 1) {
    for (let node = at.previousSibling, n = 0; node && n < 4; node = node.previousSibling, n += 1) {
      const text = textOfNode(node);
      if (text) found.push({ node, text }, { node, text: text.split("\n").at(-1) });
    }
  }
  return found;
};
const boxOf = (node) => {
  const range = node.ownerDocument.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
};
const namesIt = ({ node, text }, el) => { // on the same line, or said so: not just any words further up
  if (/[:：]$/.test(text) || is(node, "DT", "TH", "LABEL")) return true;
  const [mark, box] = [boxOf(node), boxOf(el)];
  return mark.right <= box.left + 2 && mark.bottom > box.top && mark.top < box.bottom;
};
const ownText = (label) => [...label.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : node.nodeType === Node.ELEMENT_NODE && !node.matches(CONTROLS) && !node.querySelector(CONTROLS) ? node.innerText : "")).join(" ");
const labelWords = (el, root) => {
  if (!acts(el) || el.matches("a, [role=link], [role=tab]") || (el.matches(BUTTONS) && !el.matches(CONTROLS))) return [];
  const boxes = [el, ...el.querySelectorAll("input, textarea")];
  const by = boxes.flatMap((one) => (one.getAttribute("aria-labelledby") || "").split(" ")).map((id) => id && el.ownerDocument.getElementById(id)).filter(Boolean);
  const labels = boxes.flatMap((one) => (one.labels ? [...one.labels] : []));
  const holder = (one) => [...one.classList].some((token) => FORM_ITEM.test(token) && !token.endsWith("-in-form-item"));
  let item = el.parentElement;
  while (item && !holder(item)) item = item.parentElement;
  const drawn = item ? [...item.querySelectorAll("label, [class*=-item-label]")].filter((one) => !one.contains(el)) : [];
  const behind = tickable(el) && el.nextElementSibling ? [el.nextElementSibling.innerText] : [];
  const nearest = tickable(el) || !drawn.length ? marksBefore(el, root).map((one) => one.text) : [];
  const seen = [...by.map((one) => one.innerText), ...labels.flatMap((one) => [one.innerText, ownText(one)]), ...behind, ...drawn.slice(0, 1).map((one) => one.innerText)];
  return [...seen, ...boxes.map((one) => one.getAttribute("aria-label")), ...nearest].map(bare);
};
const headersOver = (el, row) => {
  const table = row && row.closest && row.closest("table, [role=table], [role=grid]");
  const line = table && headedTable(table) && gridOf(table).get(row.closest("tr, [role=row]"));
  if (!line) return [];
  const at = line.findIndex((cell) => cell && cell.contains(el));
  return headersFor(table).filter((header) => {
    const over = gridOf(header.closest("table, [role=table], [role=grid]")).get(header.closest("tr, [role=row]")) || [];
    return over[at] === header;
  }).map((header) => bare(header.innerText));
};
const wordsFor = { // way → the words that might find it
  label: labelWords,
  button: (el) => (el.matches(BUTTONS) ? name(el).map(brief) : []),
  link: (el) => (el.matches("a, [role=link]") ? name(el).map(brief) : []),
  tab: (el) => (el.matches(TABS) ? name(el).map(brief) : []),
  placeholder: (el) => [el, ...el.querySelectorAll("[placeholder]")].map((one) => brief(one.getAttribute("placeholder"))).concat([...el.querySelectorAll("[class*=-selection-placeholder]")].map((one) => brief(one.innerText))),
  heading: (el) => (el.closest(HEADINGS) ? name(el.closest(HEADINGS)).map(brief) : []),
  beside: (el, root) => (acts(el) || headersOver(el, root).length ? [] : [...marksBefore(el, root).filter((one) => namesIt(one, el)).map((one) => one.text), ...(/^([^:：]{1,20})[:：]./.exec(oneLine(el.innerText)) || []).slice(1)].map(bare)),
  column: (el, root) => (acts(el) ? [] : headersOver(el, root)),
  text: (el) => (acts(el) ? [] : [brief(el.innerText)]),
  dialog: (el) => (el.matches(DIALOGS) ? all(el, HEADINGS).map((one) => brief(one.innerText)) : []),
  test_id: (el) => [el.getAttribute("data-testid")],
};
const saysIt = (hit, el) => { // itself, or what shows just its text: the cell around it, the words within it
  if (hit === el) return true;
  if (hit.matches(CONTROLS) || isSelectRoot(hit) || el.matches(CONTROLS) || isSelectRoot(el)) return false;
  return (hit.contains(el) || el.contains(hit)) && squeeze(hit.innerText) !== "" && squeeze(hit.innerText) === squeeze(el.innerText);
};
const tries = (root, locator, el) => {
  const found = once(seek(root, locator, !acts(el)).map((hit) => hit.el));
  return { hits: found.length, exact: found.length === 1 && saysIt(found[0], el) };
};
const AMOUNT = /[¥￥$]|\d{3,}|\d+[.,]\d+|\d{1,4}[-/年.]\d{1,2}|^\d+$/;
const likeData = ({ way, words: said }, context, valued) => { // what another order, another day would say otherwise
  if (AMOUNT.test(said) && !["css", "test_id", "placeholder"].includes(way)) return true;
  if (way === "text" && (valued || /\d/.test(said))) return true;
  return ["text", "link", "heading", "beside"].includes(way) && context.peers.length > 0 && !context.peers.some((row) => seek(row, { way, words: said }, true).length);
};
const spokenOf = (el, context) => { // every way but css, with the words tried there
  const made = [];
  for (const way of WAY_ORDER.slice(0, -1)) {
    for (const said of once(wordsFor[way](el, context.root).filter(Boolean))) made.push({ way, words: said });
  }
  return made.filter((one) => one.way !== "column" || context.root.nodeType === Node.ELEMENT_NODE);
};
const cssOf = (el, context) => {
  const good = (made) => made.map((said) => ({ way: "css", words: said })).filter((one) => judged(el, context, one).exact).slice(0, 2);
  for (const made of [hooksOf(el), hooksAround(el, context.root), byOrder(el, context.root)]) if (good(made).length) return good(made);
  return [...hooksOf(el), el.tagName.toLowerCase()].slice(0, 1).map((said) => ({ way: "css", words: said }));
};
const judged = (el, context, locator) => {
  const here = tries(context.root, locator, el);
  const elsewhere = context.others.some((row) => seek(row, locator, !acts(el)).length > 1);
  return { ...locator, ...here, exact: here.exact && !elsewhere };
};
const offersIn = (el, context) => {
  const spoken = spokenOf(el, context).map((one) => judged(el, context, one)).filter((one) => one.hits > 0);
  const valued = spoken.some((one) => one.exact && (one.way === "beside" || one.way === "column"));
  return [...spoken, ...cssOf(el, context).map((one) => judged(el, context, one))].map((one) => ({ ...one, context, data: likeData(one, context, valued) }));
};
const frameOf = (el) => { // what a page that lies in a frame says it lies inside
  const frame = el.ownerDocument === document ? null : el.ownerDocument.defaultView.frameElement;
  if (!frame) return "";
  const fits = [...hooksOf(frame), ...hooksAround(frame, frame.ownerDocument), "iframe"].find((css) => all(frame.ownerDocument, css).filter((one) => visible(one)).length === 1);
  return fits ? `css=${fits.startsWith("#") || fits.startsWith(".") || fits.startsWith("[") ? "iframe" : ""}${fits}` : "";
};
const contextsOf = (el) => { // where to look for it: in its row, in what the page lies inside
  const scope = scopeOf(request.scope);
  const held = Boolean(scope) && holdsIn(scope, el);
  const inside = held || el.ownerDocument === document ? "" : frameOf(el);
  const page = { root: held ? scope : el.ownerDocument, others: [], peers: [], inside, rows: "", rank: 0, lost: !held && !inside };
  if (request.list && held) {
    const parts = once(ranked(scope, request.list).flatMap((row) => [row.el, row.heading, row.footing]).filter(Boolean));
    const own = parts.find((part) => holdsIn(part, el));
    const others = parts.filter((part) => part !== own && own && part.tagName === own.tagName).slice(0, 20);
    if (own) return [{ ...page, root: own, others, peers: others }];
  }
  const guess = rowsGuess(el, page.root);
  if (!guess || guess.row === el || !guess.rows.exact || !isRecord(guess)) return [page];
  const others = guess.peers.filter((row) => row !== guess.row).slice(0, 20);
  return [{ ...page, root: guess.row, others, peers: others, rows: guess.rows.locator, rank: guess.headed ? -1 : 1 }, { ...page, peers: others }];
};
const sayable = ({ way, words: said, hits, exact, context }) => { // where the page does not lie, nothing of it is found
  const scope = context.lost ? scopeOf(request.scope) : null;
  const found = context.lost ? (scope ? seek(scope, { way, words: said }, true).length : 0) : hits;
  return { locator: `${way}=${said}`, hits: found, exact: exact && !context.lost, inside: context.inside, rows: context.rows };
};
const suggested = () => {
  const el = meant(element);
  const made = contextsOf(el).flatMap((context) => offersIn(el, context));
  const key = (one) => [one.exact ? 0 : 1, one.data ? 1 : 0, ["css", "test_id"].includes(one.way) ? 1 : 0, one.context.rank, WAY_ORDER.indexOf(one.way), made.indexOf(one)];
  const before = (a, b) => { const [x, y] = [key(a), key(b)]; const at = x.findIndex((value, i) => value !== y[i]); return at < 0 ? 0 : x[at] - y[at]; };
  const told = made.sort(before).map(sayable);
  const good = told.filter((one) => one.exact);
  const list = good.length ? good : told.slice(0, 3);
  return list.filter((one, i) => list.findIndex((other) => other.locator === one.locator) === i).slice(0, 10);
};
