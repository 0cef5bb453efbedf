// What whoever mends the site file is told: how often a locator hits, and the page's build with its words masked.

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
    if (node.nodeType !== Node.ELEMENT_NODE || (kept.over && node === kept.over.host) || is(node, "SCRIPT", "STYLE", "NOSCRIPT", "META", "LINK", "BASE")) return;
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
