// What is drawn over a page for whoever looks on: frames around elements, and the panel (panel.js). The page's own elements are
// left as they are. All of it hangs on one element that has no box of its own, so that no way to find ever sees it; what it
// holds stands in a closed shadow tree, in the top layer of the browser.

const PAINT = "#e4572e";
const LETTERS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';
const dressed = (el, styles) => { // each for itself: a page that forbids styles forbids only those in its text
  for (const [key, value] of Object.entries({ all: "initial", ...styles })) el.style.setProperty(key, value, "important");
  return el;
};
const piece = (tag, styles, text = "") => {
  const el = dressed(document.createElement(tag), styles);
  el.textContent = text;
  return el;
};
const ontoWhich = () => { // nothing outside of a modal dialog can be clicked while it is open
  const modal = all(document, "dialog:modal");
  const uppermost = (el) => { const box = el.getBoundingClientRect(); return meets(atPoint(document, box.left + box.width / 2, box.top + box.height / 2), el); };
  return modal.filter(uppermost).at(-1) || modal.at(-1) || document.documentElement;
};
const overStands = () => Boolean(kept.over) && kept.over.host.isConnected;
const over = () => {
  if (overStands() && kept.over.host.parentNode === ontoWhich()) return kept.over;
  takeAway();
  const host = dressed(document.createElement("div"), { display: "contents" });
  const sheet = piece("div", { display: "block", position: "fixed", inset: "0", "z-index": "2147483647", "pointer-events": "none" });
  if (sheet.showPopover) sheet.popover = "manual";
  host.attachShadow({ mode: "closed" }).append(sheet);
  ontoWhich().append(host);
  if (sheet.showPopover) sheet.showPopover();
  kept.over = { host, sheet, frames: [], panel: null, timer: setInterval(settleOver, 60) };
  return kept.over;
};
const takeAway = () => {
  if (!kept.over) return;
  clearInterval(kept.over.timer);
  kept.over.host.remove();
  delete kept.over;
};
const cutTo = (box, right, bottom) => ({ left: Math.max(box.left, 0), top: Math.max(box.top, 0), right: Math.min(box.right, right), bottom: Math.min(box.bottom, bottom) });
const drawnAs = (el) => { // a tick box that a library hides is what it draws for it
  const box = el.getBoundingClientRect();
  if (box.width > 1 && box.height > 1) return el;
  return (tickable(el) && (el.closest("label") || (el.labels && el.labels[0]) || el.parentElement)) || el.firstElementChild || el;
};
const whereIs = (el) => { // in the view of this page, through the frames around it; null where nothing of it shows
  if (!el.isConnected) return null;
  let box = drawnAs(el).getBoundingClientRect();
  for (let at = el; at.ownerDocument !== document; ) {
    const view = at.ownerDocument.defaultView;
    if (!view || !view.frameElement) return null;
    const [cut, around] = [cutTo(box, view.innerWidth, view.innerHeight), view.frameElement.getBoundingClientRect()];
    const [x, y] = [around.left + view.frameElement.clientLeft, around.top + view.frameElement.clientTop];
    box = { left: cut.left + x, right: cut.right + x, top: cut.top + y, bottom: cut.bottom + y };
    at = view.frameElement;
  }
  const cut = cutTo(box, window.innerWidth, window.innerHeight);
  return cut.right > cut.left && cut.bottom > cut.top ? cut : null;
};
const frameAround = (el, text, of) => {
  const box = piece("div", { display: "block", position: "absolute", "box-sizing": "border-box", border: `2px solid ${PAINT}`, "border-radius": "4px", "box-shadow": "0 0 0 3px rgba(228,87,46,.22)" });
  const mark = piece("div", { display: text ? "block" : "none", position: "absolute", "max-width": "320px", padding: "1px 7px", "border-radius": "3px", background: PAINT, color: "#fff", font: `12px/18px ${LETTERS}`, "white-space": "nowrap", overflow: "hidden", "text-overflow": "ellipsis" }, text);
  over().sheet.append(box, mark);
  over().frames.push({ el, box, mark, of, text });
};
const unframe = (of) => {
  if (!kept.over) return;
  kept.over.frames.filter((one) => one.of === of).forEach((one) => { one.box.remove(); one.mark.remove(); });
  kept.over.frames = kept.over.frames.filter((one) => one.of !== of);
  if (!kept.over.frames.length && !kept.over.panel) takeAway();
};
const lay = (el, styles) => { for (const [key, value] of Object.entries(styles)) el.style.setProperty(key, value, "important"); };
const labelAt = (at, width) => ({ left: `${Math.max(0, Math.min(at.left - 3, window.innerWidth - width - 2))}px`, top: `${at.top > 26 ? at.top - 25 : Math.min(at.bottom + 6, window.innerHeight - 20)}px` });
const numberAt = (at, width) => ({ left: `${at.left > width + 4 ? at.left - width - 3 : Math.min(at.right + 3, window.innerWidth - width)}px`, top: `${(at.top + at.bottom) / 2 - 9}px` }); // beside: what is framed may stand close together
const layFrame = ({ el, box, mark, of, text }) => {
  const at = whereIs(el);
  lay(box, { display: at ? "block" : "none" });
  lay(mark, { display: at && text ? "block" : "none" });
  if (!at) return;
  lay(box, { left: `${at.left - 3}px`, top: `${at.top - 3}px`, width: `${at.right - at.left + 6}px`, height: `${at.bottom - at.top + 6}px` });
  lay(mark, of === "trial" ? numberAt(at, mark.offsetWidth) : labelAt(at, mark.offsetWidth));
};
const settleOver = () => { // everything where the page has it by now
  if (!overStands()) { takeAway(); return; }
  kept.over.frames.forEach(layFrame);
  if (kept.over.panel) layPanel();
};
