// The rows of the list that an element lies in: those of its table, or the cards, items and lines beside its own that are built alike.

const RECORDS = new Set(["LI", "ARTICLE", "TR", "SECTION"]);
const peersOf = (el) => {
  const worn = new Set(tokensOf(el));
  const same = (other) => other.tagName === el.tagName && (worn.size ? tokensOf(other).some((token) => worn.has(token)) : RECORDS.has(el.tagName) && !other.classList.length);
  return el.parentElement ? [...el.parentElement.children].filter((other) => same(other) && visible(other)) : [];
};
const pathIn = (from, el) => {
  const tags = [];
  for (let at = el; at && at !== from; at = at.parentElement) tags.unshift(at.tagName.toLowerCase());
  return tags.length ? `:scope > ${tags.join(" > ")}` : "";
};
const cardOf = (el, root) => { // the outermost that stands there several times, each with the like of the element in it
  let card = null;
  for (let at = el; at && at !== root && at !== at.ownerDocument.body; at = at.parentElement) {
    const peers = peersOf(at);
    const path = pathIn(at, el);
    if (!path && !RECORDS.has(at.tagName)) continue;
    if ([...at.classList].some((token) => FORM_ITEM.test(token)) || isSelectRoot(at)) continue;
    if (peers.length > 1 && (!path || peers.filter((one) => one.querySelector(path)).length * 2 >= peers.length)) card = { row: at, peers };
  }
  return card;
};
const allHeads = (line) => cellsOf(line).length > 0 && cellsOf(line).every((cell) => cell.matches(HEADER));
const headedTable = (table) => headersFor(table).some((header) => { const line = header.closest("tr, [role=row]"); return Boolean(line) && allHeads(line); });
const tableRow = (el) => {
  const row = el.closest("tr, [role=row]");
  if (!row || (row.closest("thead") && is(row, "TR")) || row.querySelector(":scope > [role=columnheader]")) return null;
  const table = row.closest("table, [role=table], [role=grid]");
  if (!table) return null;
  const heads = (one) => one.closest("thead") || !cellsOf(one).length || allHeads(one);
  const lines = rowsOf(table).filter((one) => visible(one) && !heads(one));
  const worn = new Set(tokensOf(row));
  const peers = worn.size ? lines.filter((one) => tokensOf(one).some((token) => worn.has(token))) : lines;
  return { row, peers, table, headed: headedTable(table) };
};
const rowSelectors = ({ row, table }, root) => {
  const tag = row.tagName.toLowerCase();
  const worn = hooksOf(row).filter((one) => !one.startsWith("#"));
  const own = [...worn, ...worn.map((one) => `${one}:not([aria-hidden] ${tag})`)];
  const plain_row = is(row, "TR") ? ["tbody tr", "tr", "tr:has(td)"] : ["[role=row]", "[role=row]:not(:has([role=columnheader]))"];
  if (!table) {
    const parent = row.parentElement;
    const around = [...hooksOf(parent), ...hooksAround(parent, root), parent.tagName.toLowerCase()].map((one) => one.replace(/^#(.*)$/, "[id=$1]"));
    return [...own, ...around.map((one) => `${one} > ${tag}`), ...around.flatMap((one) => own.map((mine) => `${one} > ${mine}`))];
  }
  const tables = [...hooksOf(table).map((one) => (one.startsWith("#") ? table.tagName.toLowerCase() + one : one)), ...hooksAround(table, root), table.tagName.toLowerCase()];
  return [...tables.flatMap((one) => plain_row.slice(0, 1).map((line) => `${one} ${line}`)), ...own, ...tables.flatMap((one) => [...plain_row.slice(1), ...own].map((line) => `${one} ${line}`))];
};
const isRecord = ({ row, table, headed }) => { // a line of a table, or a card; not a name with its value, of which others stand below it
  if (table) return headed;
  const texts = row.ownerDocument.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let pieces = controlsIn(row).length;
  while (texts.nextNode()) if (texts.currentNode.data.trim()) pieces += 1;
  return pieces > 2;
};
const rowsGuess = (el, root) => {
  const found = tableRow(el) || cardOf(el, root);
  if (!found) return null;
  const hit = (css) => seek(root, { way: "css", words: css }, false).map((one) => one.el);
  const equal = (hits) => hits.length === found.peers.length && hits.every((one) => found.peers.includes(one));
  const made = once(rowSelectors(found, root));
  const exact = made.find((css) => equal(hit(css)));
  const css = exact || made.find((one) => hit(one).includes(found.row)) || found.row.tagName.toLowerCase();
  return { ...found, rows: { locator: `css=${css}`, hits: hit(css).length, exact: Boolean(exact) } };
};
const rowsAround = () => {
  const scope = scopeOf(request.scope);
  const root = scope && holdsIn(scope, element) ? scope : element.ownerDocument;
  const guess = rowsGuess(element, root);
  return guess ? { ...guess.rows, inside: root === document || root === scope ? "" : frameOf(element) } : null;
};
const MOST_FRAMES = 60;
const trial = () => { // what these locators find for a place, each framed with its number
  const { scope, place, list } = request.target;
  const root = scopeOf(scope);
  const rows = list && root ? ranked(root, list) : [];
  const roots = list ? rows.map((row) => rootFor(row, place)) : [root];
  const within = roots.filter(Boolean).map((from) => inPlace(from, place)).filter(Boolean);
  const found = once(within.flatMap((from) => find(from, place.find, true).map((hit) => hit.el)));
  unframe("trial");
  found.slice(0, MOST_FRAMES).forEach((el, i) => frameAround(el, String(i + 1), "trial"));
  settleOver();
  return { hits: found.length, framed: Math.min(found.length, MOST_FRAMES), rows: rows.length };
};
