// What every page of the shop shares: building elements, asking the server, the frame, toasts, popups.

export const told = JSON.parse(document.getElementById("told").textContent);
export const root = document.getElementById("__GARFISH_SSR_ECOM_FXG_ADMIN_DOM");
export const query = new URLSearchParams(location.search);

// el("div", {class: "x", onclick: f}, child, "words", [more])
export function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(9).filter((child) => child !== null && child !== undefined));
  return made;
}

export function svg(path, colour = "currentColor", size = 16) {
  const holder = document.createElement("span");
  holder.className = "anticon";
  holder.innerHTML = `<svg viewBox="0 0 24 24" width="${size}" height="${size}" fill="${colour}" aria-hidden="true"><path d="${path}"/></svg>`;
  return holder;
}

// A CSS-module name: productName → productName__k3x9q, another one for each seed.
export function hashed(name) {
  let sum = told.seed * 7919 + 17;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 2147483647;
  return `${name}__${sum.toString(36).padStart(6, "q").slice(-5)}`;
}

export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// One call to the server: JSON back, whatever happens; a lost session leads to the login page.
export async function call(address, body) {
  const asked = body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {};
  const answer = await fetch(address, asked);
  if (!answer.ok) return { code: answer.status, message: "系统繁忙，请稍后再试" };
  const reply = await answer.json();
  if (reply.code === 10008) {
    location.assign("/login/common");
    return new Promise(() => {});
  }
  if (reply.code !== 1105) return reply;
  await captcha();
  return call(address, body);
}

export async function safely(asking) {
  try {
    return await asking;
  } catch {
    return { code: -1, message: "网络异常，请检查网络后重试" };
  }
}

export function spin(words = "") {
  const dots = [0, 1, 2, 3].map(() => el("i", { class: "auxo-spin-dot-item" }));
  return el("div", { class: "auxo-spin auxo-spin-spinning", "aria-busy": "true" },
    el("span", { class: "auxo-spin-dot auxo-spin-dot-spin" }, dots), words && el("div", { class: "auxo-spin-text" }, words));
}

// Put a turning spinner over `container` until `done` is called.
export function covered(container) {
  const spinner = spin();
  container.classList.add("auxo-spin-blur");
  container.parentElement.classList.add("auxo-spin-nested-loading");
  container.parentElement.append(spinner);
  return () => {
    spinner.remove();
    container.classList.remove("auxo-spin-blur");
  };
}

const MARKS = {
  success: ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.6 14.4-4-4 1.5-1.5 2.5 2.5 5.7-5.7 1.5 1.5z", "#14a864"],
  error: ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm4 12.6L14.600 16 12 13.400 9.400 16 8 14.600 10.600 12 8 9.400 9.400 8 12 10.600 14.600 8 16 9.400 13.400 12z", "#f5483b"],
};

export function toast(kind, words) {
  let holder = document.querySelector(".auxo-message");
  if (!holder) document.body.append((holder = el("div", { class: "auxo-message" })));
  const notice = el("div", { class: "auxo-message-notice" },
    el("div", { class: "auxo-message-notice-content" },
      el("div", { class: `auxo-message-custom-content auxo-message-${kind}` }, svg(...MARKS[kind]), el("span", {}, words))));
  holder.append(notice);
  setTimeout(() => notice.remove(), 3000);
}

const CROSS = "M18.300 5.710 12 12l6.300 6.290-1.410 1.420L10.590 13.410 4.290 19.700 2.880 18.290 9.170 12 2.880 5.710 4.290 4.290l6.300 6.300 6.290-6.300z";

// An AntD modal; returns a function that closes it.
export function modal(title, body, buttons, { narrow = false } = {}) {
  const id = `rcDialogTitle${document.querySelectorAll(".auxo-modal-root").length}`;
  const holder = el("div", { class: "auxo-modal-root" });
  const close = () => holder.remove();
  holder.append(
    el("div", { class: "auxo-modal-mask" }),
    el("div", { class: "auxo-modal-wrap" },
      el("div", { class: `auxo-modal${narrow ? " narrow" : ""}`, role: "dialog", "aria-modal": "true", "aria-labelledby": id },
        el("div", { class: "auxo-modal-content" },
          el("button", { type: "button", class: "auxo-modal-close", "aria-label": "Close", onclick: close },
            el("span", { class: "auxo-modal-close-x" }, svg(CROSS, "#85878a", 14))),
          el("div", { class: "auxo-modal-header" },
            el("div", { class: "auxo-modal-title", id, role: "heading", "aria-level": "2" }, title)),
          el("div", { class: "auxo-modal-body" }, body),
          el("div", { class: "auxo-modal-footer" }, buttons(close))))));
  document.body.append(holder);
  return close;
}

export function button(words, onclick, kind = "default", type = "button") {
  const spaced = /^[\u4e00-\u9fff]{2}$/.test(words) ? `${words[0]} ${words[1]}` : words; // as AntD does with two characters
  return el("button", { type, class: `auxo-btn auxo-btn-${kind}`, onclick }, el("span", {}, spaced));
}

export function notice() {
  modal("平台公告", el("div", { class: "notice" },
    el("p", {}, "尊敬的商家：为保障消费者体验，平台将于近期升级“发货时效”相关规则，请合理安排发货，避免超时。"),
    el("p", {}, "详情请前往「规则中心」查看。")),
  (close) => [button("我知道了", close, "primary")], { narrow: true });
}

export function guide() {
  const tip = el("div", { class: "auxo-tooltip ecom-guide-normal-content-wrapper", role: "tooltip" },
    el("div", { class: "auxo-tooltip-inner" },
      el("b", {}, "新功能上线"), el("p", {}, "收货信息支持一键复制，点击头像可联系买家。"),
      button("知道了", () => tip.remove(), "primary")));
  document.body.append(tip);
}

// A slider a person has to drag to its end; resolves when it is there.
export function captcha() {
  return new Promise((solved) => {
    const knob = el("div", { class: "captcha-knob" }, "→");
    const track = el("div", { class: "captcha-track" }, el("span", {}, "按住左边按钮拖动完成上方拼图"), knob);
    const holder = el("div", { id: "captcha_container" },
      el("div", { class: "captcha-box" }, el("div", { class: "captcha-title" }, "安全验证"),
        el("div", { class: "captcha-picture" }), el("div", { class: "captcha-words" }, "请完成下列滑块验证后继续"), track));
    let from = null;
    knob.addEventListener("pointerdown", (event) => {
      from = event.clientX;
      knob.setPointerCapture(event.pointerId);
    });
    knob.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const way = Math.max(0, Math.min(event.clientX - from, track.clientWidth - knob.offsetWidth));
      knob.style.transform = `translateX(${way}px)`;
      if (way < track.clientWidth - knob.offsetWidth) return;
      holder.remove();
      solved();
    });
    knob.addEventListener("pointerup", () => {
      from = null;
      knob.style.transform = "";
    });
    document.body.append(holder);
  });
}
