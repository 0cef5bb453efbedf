// Sign-in: by phone (shown first) or e-mail, the agreement box, then a choice where there are several shops.

import { call, el, hashed, root, safely, spin, svg, toast, told } from "/static/page.js";
import { spoil } from "/static/faults.js";

const TICK = "M9 16.200 4.800 12l-1.400 1.400L9 19 21 7l-1.400-1.400z";
const typed = { user: "", password: "", agreed: false };
let way = "phone";

const box = el("div", { class: "loginBox" });
root.append(
  el("div", { class: "loginPage" },
    el("div", { class: "loginLeft" }, el("div", { class: "logo" }, el("b", {}, "抖"), el("span", {}, "抖店")),
      el("h2", {}, "好生意，从抖店开始"), el("p", {}, "一站式电商经营平台，助力商家持续成长")),
    box));

function field(placeholder, type, key) {
  const input = el("input", { class: "auxo-input", placeholder, type, autocomplete: "off" });
  input.addEventListener("input", () => (typed[key] = input.value));
  return el("div", { class: "loginField" }, input);
}

function ways() {
  const tab = (words, key) =>
    el("div", { class: `login-switcher--cell${way === key ? " on" : ""}`, onclick: () => show(key) }, words);
  return el("div", { class: "login-switcher" }, tab("手机登录", "phone"), tab("邮箱登录", "email"));
}

function agreement() {
  const input = el("input", { type: "checkbox", class: "auxo-checkbox-input" });
  input.checked = typed.agreed;
  const mark = el("span", { class: "auxo-checkbox" }, input, el("span", { class: "auxo-checkbox-inner" }, svg(TICK, "#fff", 12)));
  input.addEventListener("change", () => (typed.agreed = input.checked));
  return el("div", { class: "agreement" }, el("label", { class: "auxo-checkbox-wrapper" }, mark),
    el("span", {}, "我已阅读并同意 ", el("a", { href: "#" }, "《用户服务协议》"), " 和 ", el("a", { href: "#" }, "《隐私条款》")));
}

function show(chosen) {
  way = chosen;
  Object.assign(typed, { user: "", password: "" });
  const fields = way === "phone"
    ? [field("手机号码", "text", "user"), el("div", { class: "loginCode" }, field("验证码", "text", "password"), el("span", { class: "account-center-code-captcha" }, "发送验证码"))]
    : [field("邮箱", "text", "user"), field("密码", "password", "password")];
  const submit = el("button", { type: "button", class: "account-center-submit", onclick: () => signIn(submit) }, "登录");
  box.replaceChildren(el("h1", {}, "登录抖店"), ways(), ...fields, el("div", { class: "loginError" }), submit, agreement());
}

function fail(words) {
  box.querySelector(".loginError").textContent = words;
}

async function signIn(submit) {
  fail("");
  if (!typed.agreed) return toast("error", "请先阅读并同意用户协议和隐私条款");
  if (way === "phone") return fail("验证码错误或已过期，请重新获取");
  submit.disabled = true;
  const reply = await safely(call("/passport/web/email/login", { email: typed.user, password: typed.password }));
  submit.disabled = false;
  if (reply.code !== 0) return fail(reply.message);
  return reply.shops.length ? pick(reply.shops) : location.assign("/ffa/mshop/homepage/index");
}

function pick(shops) {
  const item = (name) => el("div", { class: hashed("roleItem"), onclick: () => enter(name) }, el("div", { class: hashed("shopTitle") }, name));
  box.replaceChildren(el("h1", {}, "选择店铺"), el("p", { class: "hint" }, "该账号下有多个店铺，请选择要进入的店铺"), el("div", { class: "roles" }, shops.map(item)));
}

async function enter(name) {
  box.append(spin());
  const reply = await safely(call("/api/shop/pick", { shop: name }));
  if (reply.code !== 0) return toast("error", reply.message);
  return location.assign("/ffa/mshop/homepage/index");
}

show("phone");
spoil(told.faults);
