import { app, el } from "./common.js";

app.append(el("div", { class: "card" }, el("h3", { class: "wrongpage-title" }, "抱歉，您要访问的页面不存在"), el("p", {}, "您可以检查网址是否正确。")));
