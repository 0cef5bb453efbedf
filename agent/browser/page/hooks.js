// What of an element's build is likely to stand there tomorrow: ids, names and classes that no program has made up.

const MADE_UP = /\d|^:|^(sc|css|jss|el-id|radix|headlessui|ember)-|[A-Za-z]{4,}_[a-z]*[A-Z]/;
const PASSING = /(^|[-_])(active|hover|focus|focused|selected|checked|open|opened|disabled|current|on|visible|hidden|show|loading|first|last|odd|even|leave|enter|appear)([-_]|$)/i;
const ideograms = (text) => text.replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, "");
const lasting = (token) => token.length > 1 && token.length < 40 && !MADE_UP.test(token);
const hashedClass = (token) => { // productName__x7Fa → productName
  const found = /^([A-Za-z][A-Za-z-]{3,}?)(?:_+|--?)([A-Za-z0-9]{4,8})$/.exec(token);
  return found && (/\d/.test(found[2]) || /[a-z][A-Z]|[A-Z]{2}/.test(found[2])) && !/\d/.test(found[1]) ? found[1] : "";
};
const tokensOf = (el) => [...el.classList].filter((token) => !PASSING.test(token));
const steady = (el) => tokensOf(el).filter((token) => lasting(token) && !hashedClass(token) && !/^[A-Za-z]*[A-Z][a-z]?[A-Z][A-Za-z]*$/.test(token));
const quoted = (value) => (/^[A-Za-z_][\w-]*$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`);
const DATA = (key) => key.startsWith("data-") && key !== "data-testid" && !/^data-(v-|react|spm|index|key|row-key|popper|state)/.test(key);
const hooksOf = (el) => { // selectors for it alone, the surest first
  const tag = el.tagName.toLowerCase();
  const id = el.id && lasting(el.id) ? [`#${CSS.escape(el.id)}`] : [];
  const called = el.getAttribute("name") && !/\d{3,}|^:/.test(el.getAttribute("name")) ? [`${tag}[name=${quoted(el.getAttribute("name"))}]`] : [];
  const data = [...el.attributes].filter((one) => DATA(one.name) && !/\d/.test(one.value) && one.value.length < 40);
  const hashed = tokensOf(el).map(hashedClass).filter(Boolean).map((base) => `[class*=${base}]`);
  const classes = steady(el).map((token) => `.${CSS.escape(token)}`);
  const typed = ["type", "role"].filter((key) => el.getAttribute(key)).map((key) => `${tag}[${key}=${quoted(el.getAttribute(key))}]`);
  return once([
    ...id, ...called, ...data.map((one) => (one.value ? `[${one.name}=${quoted(one.value)}]` : `[${one.name}]`)),
    ...classes, ...classes.map((one) => tag + one), ...hashed, ...(classes.length > 1 ? [classes.join("")] : []), ...typed,
  ]);
};
const PLAIN_TAGS = new Set(["body", "html"]);
const hooksAround = (el, root) => { // with what it lies in: form.order b
  const own = [...hooksOf(el), el.tagName.toLowerCase()];
  const made = [];
  for (let up = el.parentElement, i = 0; up && up !== root && i < 6; up = up.parentElement, i += 1) {
    if (PLAIN_TAGS.has(up.tagName.toLowerCase())) break;
    for (const hook of hooksOf(up).filter((one) => !one.startsWith("#"))) for (const mine of own) made.push(`${hook} ${mine}`);
    if (up.id && lasting(up.id)) for (const mine of own) made.push(`[id=${quoted(up.id)}] ${mine}`);
  }
  return made;
};
const byOrder = (el, root) => { // the last resort
  const steps = [];
  for (let at = el; at && at !== root && !PLAIN_TAGS.has(at.tagName.toLowerCase()) && steps.length < 8; at = at.parentElement) {
    const tag = at.tagName.toLowerCase();
    const alike = at.parentElement ? [...at.parentElement.children].filter((one) => one.tagName === at.tagName) : [at];
    const hook = at === el ? "" : hooksOf(at)[0] || "";
    steps.unshift(hook.replace(/^#(.*)$/, "[id=$1]") || (alike.length > 1 ? `${tag}:nth-of-type(${alike.indexOf(at) + 1})` : tag));
    if (hook) break;
  }
  return [steps.join(" > ")];
};
