// What the pages about orders and money are made of: pairs of words and values, tables.

import { el } from "./common.js";

export const pairs = (name, ...rows) => el("dl", { class: name }, rows.filter(Boolean).map(([words, value, css]) => el("div", { class: "pair" }, el("dt", {}, words), el("dd", { class: css || "" }, value))));
const cell = (value) => el("td", {}, value);
export const table = (name, heads, rows) => el("table", { class: name }, el("thead", {}, el("tr", {}, heads.map((words) => el("th", {}, words)))), el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell)))));
