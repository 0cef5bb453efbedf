// What lies in the way of a click.

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
const toLastRow = () => {
  const rows = rowsOfTarget();
  const last = rows.length ? rows.at(-1).footing || rows.at(-1).el : null;
  if (movers(last).every(atEnd)) return rows.length; // some wait with what they load until nothing scrolls any more
  if (last) last.scrollIntoView({ block: "end", behavior: "instant" });
  for (let up = last; up; up = up.parentElement) if (up.scrollHeight > up.clientHeight) up.scrollTop = up.scrollHeight;
  window.scrollTo(0, document.documentElement.scrollHeight);
  return rows.length;
};
const rowsOfTarget = () => {
  const root = scopeOf(request.target.scope);
  return root ? ranked(root, request.target.list) : [];
};
const movers = (el) => { // what moves these rows: boxes around them, the innermost first, and the page itself
  const boxes = [];
  for (let box = el && scrolled(el); box; box = scrolled(box)) boxes.push(box);
  return el ? [...boxes, el.ownerDocument.scrollingElement] : [];
};
const atEnd = (box) => box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
const toNextRows = () => { // the last row drawn goes to the top, so that it is still drawn when the next are; whether anything moved
  const last = rowsOfTarget().at(-1);
  const box = last && movers(last.el).find((one) => !atEnd(one));
  if (!box) return false;
  const told = request.last && Object.assign({}, ...request.target.list.read.map((place) => readInRow(last, place)));
  if (request.last && JSON.stringify(told) !== JSON.stringify(request.last)) return true; // drawn anew since it was read
  const top = box === box.ownerDocument.scrollingElement ? 0 : box.getBoundingClientRect().top;
  const row = last.el.getBoundingClientRect();
  const hidden = Math.min(row.bottom - top - box.clientHeight, box.clientHeight); // of a row that is higher than its box
  const before = box.scrollTop;
  const far = request.far ? box.scrollHeight : 0; // to what lies below the rows and may call for more
  box.scrollTop = before + Math.max(far, row.top - top > 1 ? row.top - top : hidden); // 0: what comes next is not drawn yet
  return box.scrollTop > before;
};
const toFirstRow = () => {
  const first = rowsOfTarget()[0];
  for (const box of first ? movers(first.el) : []) box.scrollTop = 0;
  return first !== undefined;
};
