// Where to look: the document, open shadow roots, the order of elements, the controls within.

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
