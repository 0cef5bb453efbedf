// The address book on the confirm page: choose one, mend one, paste one. Ant's modals, cascader and spaced words.

import { ask, el, layer, toast } from "./common.js";

export async function chooseAddress(done) {
  const body = el("div", { class: "address-list" });
  let chosen;
  const fill = async () => {
    const answer = await ask("/order/ajax/book.json");
    chosen = chosen ?? answer.chosen;
    body.replaceChildren(...answer.book.map((one) => item(one)), el("button", { type: "button", class: "ant-btn ant-btn-link address-add", onclick: () => edit(null, fill) }, "+ 新增收货地址"));
  };
  const item = (one) => {
    const selected = one.key === chosen;
    const pen = el("button", { type: "button", class: "ant-btn ant-btn-text", onclick: (event) => { event.stopPropagation(); edit(one, fill); } }, el("span", {}, "编 辑"));
    return el("div", { class: `address-item${selected ? " selected" : ""}`, onclick: () => { chosen = one.key; fill(); } },
      el("span", { class: `ant-radio${selected ? " ant-radio-checked" : ""}` }),
      el("div", { class: "address-subject" }, el("span", { class: "address-name" }, one.name), el("span", { class: "address-phone" }, one.phone),
        el("span", { class: "address-text" }, one.place)), selected ? pen : null);
  };
  await fill();
  layer("选择收货地址", body, ["取 消", "default", (shut) => shut()], ["确 定", "primary", async (shut, button) => {
    button.disabled = true;
    await ask("/order/ajax/choose_address.json", { address: chosen });
    shut();
    await done();
  }]);
}

function field(words, id, control) {
  return el("div", { class: "ant-form-item" }, el("label", { for: id, class: "ant-form-item-required" }, words), el("div", { class: "ant-form-item-control" }, control));
}

function edit(one, done) {
  const name = el("input", { id: "fullName", class: "ant-input", placeholder: "请输入收货人姓名", autocomplete: "off" });
  const mobile = el("input", { id: "mobile", class: "ant-input", placeholder: "请输入手机号码", autocomplete: "off" });
  const detail = el("textarea", { id: "address", class: "ant-input", placeholder: "请输入详细地址信息，如道路、门牌号、小区、楼栋号、单元等信息", maxlength: 120 });
  const paste = el("textarea", { id: "addressPaste", class: "ant-input", placeholder: "粘贴地址信息，自动拆分姓名、电话和地址" });
  const region = cascader();
  const fill = (told) => {
    [name.value, mobile.value, detail.value] = [told.name, told.phone, told.detail];
    region.set(told.region);
  };
  if (one) fill(one);
  const match = el("button", { type: "button", class: "ant-btn ant-btn-primary paste-match", onclick: async () => fill(await ask("/order/ajax/parse.json", { text: paste.value })) }, el("span", {}, "识 别"));
  const error = el("div", { class: "ant-form-item-explain-error" });
  const body = el("div", { class: "address-form" }, el("div", { class: "address-paste" }, paste, match), field("收货人", "fullName", name),
    field("手机号码", "mobile", mobile), field("所在地区", "region", region.box), field("详细地址", "address", detail), error);
  layer(one ? "编辑收货地址" : "新增收货地址", body, ["取 消", "default", (shut) => shut()], ["保 存", "primary", async (shut, button) => {
    button.disabled = true;
    const sent = { address: one ? one.key : 0, name: name.value, phone: mobile.value, region: region.value(), detail: detail.value };
    const answer = await ask("/order/ajax/save_address.json", sent).catch(() => ({ message: "网络异常，请稍后重试" }));
    button.disabled = false;
    if (answer.ret !== "SUCCESS") { error.textContent = answer.message; return; }
    shut();
    toast("保存成功");
    await done();
  }]);
}

// A cascader as Ant draws it: a click opens it at the end of the body, each level comes from the server.
function cascader() {
  let path = [];
  const shown = el("span", { class: "ant-select-selection-item" });
  const hint = el("span", { class: "ant-select-selection-placeholder" }, "请选择省/市/区/街道");
  const input = el("input", { id: "region", class: "ant-select-selection-search-input", role: "combobox", readonly: true });
  const box = el("div", { class: "ant-select ant-cascader ant-select-single" }, el("div", { class: "ant-select-selector" }, el("span", { class: "ant-select-selection-search" }, input), shown, hint));
  const menus = el("div", { class: "ant-cascader-menus" });
  const dropdown = el("div", { class: "ant-select-dropdown ant-cascader-dropdown ant-select-dropdown-hidden" }, menus);

  const set = (levels) => {
    path = [...levels];
    shown.textContent = path.join(" / ");
    shown.title = path.join(" / ");
    hint.hidden = path.length > 0;
  };
  const shut = () => dropdown.classList.add("ant-select-dropdown-hidden");

  async function column(levels) {
    const { below } = await ask(`/order/ajax/regions.json?path=${encodeURIComponent(levels.join("/"))}`);
    while (menus.children.length > levels.length) menus.lastChild.remove();
    if (!below.length) { set(levels); shut(); return; }
    const menu = el("ul", { class: "ant-cascader-menu", role: "menu" }, below.map((word) => el("li", { class: "ant-cascader-menu-item ant-cascader-menu-item-expand", role: "menuitemcheckbox", title: word, onclick: (event) => {
      menu.querySelectorAll(".ant-cascader-menu-item-active").forEach((old) => old.classList.remove("ant-cascader-menu-item-active"));
      event.currentTarget.classList.add("ant-cascader-menu-item-active");
      column([...levels, word]);
    } }, el("div", { class: "ant-cascader-menu-item-content" }, word))));
    menus.append(menu);
  }

  box.addEventListener("click", () => {
    const at = box.getBoundingClientRect();
    Object.assign(dropdown.style, { left: `${at.left + scrollX}px`, top: `${at.bottom + scrollY + 4}px` });
    if (!dropdown.isConnected) document.body.append(dropdown);
    dropdown.classList.remove("ant-select-dropdown-hidden");
    menus.replaceChildren();
    column([]);
  });
  return { box, set, value: () => path };
}
