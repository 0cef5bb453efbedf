// What a person sees: which elements are visible, and what a control shows.

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
  const above = (at) => at.assignedSlot || at.parentElement || at.getRootNode().host; // out of a web component, too
  for (let up = el; up && (right <= 0 || bottom <= 0); up = above(up)) { right += up.scrollLeft; bottom += up.scrollTop; }
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
