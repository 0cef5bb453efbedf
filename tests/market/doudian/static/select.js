// A select as rc-select draws it: a typed search, the options in a portal at the end of the body, only those in view drawn.

import { el } from "/static/page.js";

const HEIGHT = 32;
const VIEW = 8;
let made = 0;

export function select(options, placeholder, changed) {
  const id = `rc_select_${made++}`;
  const input = el("input", { id, class: "auxo-select-selection-search-input", type: "search", role: "combobox", autocomplete: "off",
    "aria-haspopup": "listbox", "aria-controls": `${id}_list`, "aria-expanded": "false" });
  const words = el("span", { class: "auxo-select-selection-placeholder" }, placeholder);
  const box = el("div", { class: "auxo-select auxo-select-single auxo-select-show-search" },
    el("div", { class: "auxo-select-selector" }, el("span", { class: "auxo-select-selection-search" }, input), words),
    el("span", { class: "auxo-select-arrow" }));
  const aria = el("div", { role: "listbox", id: `${id}_list`, class: "rc-aria" });
  const drawn = el("div", { class: "rc-virtual-list-holder-inner" });
  const holder = el("div", { class: "rc-virtual-list-holder" }, el("div", { class: "rc-virtual-list-filler" }, drawn));
  const dropdown = el("div", { class: "auxo-select-dropdown auxo-select-dropdown-hidden" }, aria, holder);
  let chosen = "";
  let found = options;

  function draw() {
    const from = Math.max(0, Math.floor(holder.scrollTop / HEIGHT) - 1);
    const some = found.slice(from, from + VIEW + 2);
    drawn.parentElement.style.height = `${Math.max(found.length, 1) * HEIGHT}px`;
    drawn.style.transform = `translateY(${from * HEIGHT}px)`;
    aria.replaceChildren(...some.slice(0, 2).map((name) => el("div", { role: "option", "aria-label": name }, name)));
    drawn.replaceChildren(...(found.length ? some.map(option) : [el("div", { class: "auxo-select-item-empty" }, "无匹配结果")]));
  }

  const option = (name) =>
    el("div", { class: `auxo-select-item auxo-select-item-option${name === chosen ? " auxo-select-item-option-selected" : ""}`, title: name,
      onmousedown: (event) => event.preventDefault(), onclick: () => choose(name) }, el("div", { class: "auxo-select-item-option-content" }, name));

  function open() {
    const at = box.getBoundingClientRect();
    Object.assign(dropdown.style, { left: `${at.left + scrollX}px`, top: `${at.bottom + scrollY + 4}px`, width: `${at.width}px` });
    if (!dropdown.isConnected) document.body.append(dropdown);
    dropdown.classList.remove("auxo-select-dropdown-hidden");
    box.classList.add("auxo-select-open");
    input.setAttribute("aria-expanded", "true");
    draw();
  }

  function shut() {
    dropdown.classList.add("auxo-select-dropdown-hidden");
    box.classList.remove("auxo-select-open");
    input.setAttribute("aria-expanded", "false");
    input.value = "";
    found = options;
    show();
  }

  function choose(name) {
    chosen = name;
    changed(name);
    shut();
  }

  function show() {
    words.className = chosen ? "auxo-select-selection-item" : "auxo-select-selection-placeholder";
    words.textContent = chosen || placeholder;
    words.title = chosen;
    words.style.visibility = input.value ? "hidden" : "";
  }

  input.addEventListener("input", () => {
    found = options.filter((name) => name.includes(input.value.trim()));
    holder.scrollTop = 0;
    show();
    open();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
    if (event.key === "Enter" && input.value && found.length) choose(found[0]);
  });
  input.addEventListener("blur", shut);
  holder.addEventListener("scroll", draw);
  box.addEventListener("mousedown", (event) => {
    if (event.target !== input) event.preventDefault();
    input.focus();
    if (dropdown.isConnected && box.classList.contains("auxo-select-open") && !input.value) shut();
    else open();
  });
  return box;
}
