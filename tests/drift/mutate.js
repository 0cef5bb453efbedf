// One change of one page, as a release of the site might bring it. `told` is put before this by kinds.py.
//
// It is done before anybody looks: behind the page's own elements, and again whenever the page's script draws them anew.
// A part is told as "css", or "css|its words"; "+" is what stands behind the words. What a change brought is marked.

const touched = new WeakSet();
const roots = [document];
const squeeze = (text) => (text || "").replace(/[\s：:]/g, "");
const pick = (list) => list[told.seed % list.length];
const hash = (text) => "c" + [...(text + told.seed)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 2147483647, 7).toString(36);
const isOurs = (el) => el.closest("[data-drift]") !== null;
const ours = (el) => { el.setAttribute("data-drift", ""); touched.add(el); el.querySelectorAll("*").forEach((one) => touched.add(one)); return el; };
const shown = (el) => el.checkVisibility && el.checkVisibility();
const matches = (told_part) => {
  const [css, words] = told_part.split("|");
  return roots.flatMap((root) => [...root.querySelectorAll(css)]).filter((el) => !touched.has(el) && !isOurs(el) && shown(el))
    .filter((el) => words === undefined || squeeze(textNode(el) ? textNode(el).data : "") === words || squeeze(el.textContent) === words);
};
const textNode = (el) => {
  const walk = document.createTreeWalker(el.shadowRoot || el, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (walk.currentNode.data.trim() && walk.currentNode.parentElement?.tagName !== "STYLE") return walk.currentNode;
  return null;
};
const wordsOf = (el) => (textNode(el) ? textNode(el).data.trim().replace(/[：:]$/, "") : "");
const say = (el, words) => { const node = textNode(el); node.data = words + (/[：:]\s*$/.exec(node.data) || [""])[0]; touched.add(el); };
const fresh = (words) => pick([`${words}（新）`, `请核对${words}`, `${words}内容`]);
const parts = (place) => { // every occurrence: a list has one in each row
  const words = place.words ? matches(place.words) : [];
  const values = place.value && place.value !== "+" ? matches(place.value) : words.map((el) => el.nextElementSibling || el);
  return values.map((value, at) => ({ value, words: words[at] || null, row: place.row ? value.closest(place.row) : null }));
};
const stripped = (copy) => {
  for (const el of [copy, ...copy.querySelectorAll("*")]) { el.removeAttribute("id"); el.removeAttribute("for"); }
  return copy;
};
const controlsOf = (el) => [el, ...el.querySelectorAll("*")].filter((one) => /^(INPUT|SELECT|TEXTAREA)$/.test(one.tagName));
const otherValue = (el) => {
  const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));
};
const beacon = (what) => fetch(`/drift/touched?what=${what}`, { keepalive: true });
const button = (like, words, what) => {
  const made = ours(stripped(like.cloneNode(true)));
  if (made.tagName === "BUTTON") made.type = "button";
  if (textNode(made)) textNode(made).data = words; else made.textContent = words;
  made.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); beacon(what); });
  return made;
};
const isPair = (t) => t.words && t.words.nextElementSibling === t.value && t.words.tagName !== "LABEL";
const copies = (t, change) => { // a copy of the row it stands in, of words and value beside each other, or of itself
  const from = t.row ? [t.row] : isPair(t) ? [t.words, t.value] : [t.value];
  const made = from.map((el) => ours(stripped(el.cloneNode(true))));
  made.forEach(change);
  return { from, made };
};
const rotate = (el) => {
  if (el.id) {
    const [before, now] = [el.id, hash(el.id)];
    document.querySelectorAll(`label[for="${before}"]`).forEach((label) => { label.htmlFor = now; });
    el.id = now;
    renamed.set(before, now);
  }
  el.className = [...el.classList].map(hash).join(" ");
};
const renamed = new Map(); // the page's own script knows its elements by their new ids
const byId = document.getElementById.bind(document);
document.getElementById = (id) => byId(id) || (renamed.has(id) ? byId(renamed.get(id)) : null);
const swap = (one, other) => {
  const mark = document.createComment("");
  one.replaceWith(mark);
  other.replaceWith(one);
  mark.replaceWith(other);
};

// ---- tables

const cellsOf = (row) => [...row.children].filter((cell) => /^(TD|TH)$/.test(cell.tagName));
const bodies = (table, count) => [...table.querySelectorAll("tr")].filter((row) => !touched.has(row) && Math.abs(cellsOf(row).length - count) <= 1 && cellsOf(row).every((cell) => cell.colSpan === 1));

const known = new WeakMap(); // table → where the column was before
const columns = (change) => { // of each table with this column; rows that come later are changed as the others were
  for (const table of roots.flatMap((root) => [...root.querySelectorAll(told.place.table)])) {
    if (!known.has(table)) {
      const heads = [...table.querySelectorAll("thead th")];
      const at = heads.findIndex((th) => squeeze(th.textContent) === told.place.column);
      if (at >= 0) known.set(table, { at, count: heads.length });
    }
    const was = known.get(table);
    if (was) for (const row of bodies(table, was.count)) { touched.add(row); change(row, was); changed(); }
  }
};

let isTold = false;
const changed = () => { // once a page, so that a trial whose change never came counts as none
  if (!isTold) fetch("/drift/changed", { keepalive: true }).catch(() => null);
  isTold = true;
};

const KINDS = {
  reworded: (t) => say(t.words, fresh(wordsOf(t.words))),
  words_taken: (t, o) => { const words = wordsOf(t.words); say(t.words, fresh(words)); say(o.words, words); },
  hashed: (t) => { rotate(t.value); if (t.words && t.words !== t.value) rotate(t.words); },
  moved: (t) => {
    const all = t.row || t.value;
    const others = [...all.parentElement.children].filter((el) => el !== all && el.tagName === all.tagName);
    if (others.length) (told.seed % 2 ? others[0].before(all) : others[others.length - 1].after(all));
  },
  wrapped: (t) => {
    const boxes = [1, 2].map(() => document.createElement("div"));
    boxes[0].append(boxes[1]);
    if (/^(TD|TH|DD|DT)$/.test(t.value.tagName)) { boxes[1].append(...t.value.childNodes); t.value.append(boxes[0]); return; }
    boxes.forEach((box) => { box.style.display = "inline-block"; });
    t.value.replaceWith(boxes[0]);
    boxes[1].append(t.value);
  },
  doubled: (t) => {
    const { from, made } = copies(t, (copy) => {
      otherValue(copy);
      controlsOf(copy).forEach((one) => { if (one.name) one.name += "_2"; });
      copy.addEventListener("click", (event) => { if (!controlsOf(copy).length) { event.preventDefault(); event.stopPropagation(); beacon("double"); } }, true);
    });
    if (told.seed % 2) from[0].before(...made); else from[from.length - 1].after(...made);
  },
  hidden_twin: (t) => {
    const { from, made } = copies(t, (copy) => {
      otherValue(copy);
      controlsOf(copy).forEach((one) => { one.disabled = true; });
      copy.style.display = "none";
    });
    from[0].before(...made);
  },
  fields_swapped: (t, o) => {
    if (t.row && o.row && t.row !== o.row) return swap(t.row, o.row);
    if (isPair(t) && isPair(o)) { swap(t.words, o.words); swap(t.value, o.value); }
  },
  labels_swapped: (t, o) => { const [one, other] = [wordsOf(t.words), wordsOf(o.words)]; say(t.words, other); say(o.words, one); },
  placeholder: (t) => { t.value.placeholder = pick(["请填写运单", "在此输入", "必填"]); },
  placeholder_taken: (t) => { // a box that was not there before has what the other had, the other something new
    const beside = ours(stripped(t.value.cloneNode(true)));
    if (beside.name) beside.name += "_2";
    t.value.placeholder = pick(["请填写运单", "在此输入", "必填"]);
    if (told.seed % 2) t.value.before(beside); else t.value.after(beside);
  },
  to_link: (t) => {
    const link = document.createElement("a");
    link.href = "javascript:;";
    link.textContent = wordsOf(t.words || t.value);
    link.addEventListener("click", () => t.value.click());
    t.value.after(ours(link));
    t.value.style.display = "none";
  },
  lookalike_blank: (t) => { const words = wordsOf(t.words || t.value).replace(/\s/g, ""); t.value.before(button(t.value, `${words.slice(0, 1)} ${words.slice(1)}`, "lookalike")); },
  lookalike_other: (t) => { const made = button(t.value, wordsOf(t.words || t.value), "other action"); made.className = "btn btn-default auxo-btn"; told.seed % 2 ? t.value.before(made) : t.value.after(made); },
};
const TABLES = {
  columns_reordered: (row, { at, count }) => {
    const cells = cellsOf(row).slice(0, count - 1);
    const turned = cells.map((_, i) => cells[(i + 1 + (told.seed % Math.max(1, cells.length - 1))) % cells.length]);
    const marks = cells.map((cell) => { const mark = document.createComment(""); cell.before(mark); return mark; });
    marks.forEach((mark, i) => mark.replaceWith(turned[i]));
  },
  column_inserted: (row, { at, count }) => {
    const head = row.closest("thead") !== null;
    const cell = ours(document.createElement(head ? "th" : "td"));
    const [words, value] = pick([["备注", "-"], [`${told.place.column}说明`, "见详情"], ["序号", "1"]]);
    cell.textContent = head ? words : value;
    const before = cellsOf(row)[(at + told.seed) % count];
    if (before) before.before(cell); else row.append(cell);
  },
  header_renamed: (row, { at }) => { if (row.closest("thead")) say(cellsOf(row)[at], fresh(told.place.column)); },
  headers_swapped: (row) => {
    if (!row.closest("thead")) return;
    const [one, other] = [told.place.column, told.other.column].map((words) => cellsOf(row).find((cell) => squeeze(cell.textContent) === words));
    const words = wordsOf(one);
    say(one, wordsOf(other));
    say(other, words);
  },
};
const PAGES = {
  dialog_over: () => {
    const cover = ours(document.createElement("div"));
    cover.setAttribute("role", "dialog");
    cover.style.cssText = "position:fixed;inset:0;z-index:99999;background:rgba(0,0,0,.5);padding:20% 40%";
    cover.innerHTML = '<div style="background:#fff;padding:20px"><h3>年终回馈</h3><p>参加活动，运费立减。</p><button type="button" class="join">立即参加</button> <button type="button" class="away">以后再说</button></div>';
    cover.querySelector(".join").onclick = () => beacon("campaign");
    cover.querySelector(".away").onclick = () => cover.remove();
    document.body.append(cover);
    changed();
  },
  iframe: () => {
    if (self !== top) return;
    const frame = ours(document.createElement("iframe"));
    frame.style.cssText = "width:100%;height:2000px;border:0";
    if (told.posted) frame.srcdoc = document.documentElement.outerHTML; else frame.src = location.href;
    document.body.replaceChildren(frame);
    changed();
  },
};

const change = () => {
  if (told.kind in TABLES) return columns(TABLES[told.kind]);
  const others = told.other ? parts(told.other) : [];
  parts(told.place).forEach((t, at) => {
    const o = others[at] || others[0];
    const needs = ["words_taken", "fields_swapped", "labels_swapped"].includes(told.kind);
    if (!t.value || (needs && (!o || !t.words || !o.words)) || (told.kind === "reworded" && !t.words)) return;
    KINDS[told.kind](t, o);
    changed();
    [t.value, t.words, ...(needs ? [o.value, o.words] : [])].filter(Boolean).forEach((el) => touched.add(el));
  });
};
const watcher = new MutationObserver(() => apply());
const apply = () => { change(); watcher.takeRecords(); };
const watch = (root) => watcher.observe(root, { childList: true, subtree: true, characterData: true });
const start = () => {
  if (told.kind in PAGES) return PAGES[told.kind]();
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) { const root = attach.call(this, how); roots.push(root); watch(root); return root; };
  apply();
  watch(document);
};
if (new RegExp(told.path).test(location.pathname + location.search)) start();
