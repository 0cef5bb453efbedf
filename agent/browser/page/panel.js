// The panel: a frame of its own in a corner of the page. A click in it is heard in there alone, takes no focus and changes nothing.

const PANEL_WIDTH = 340;
const PANEL_STYLE = `
  * { box-sizing: border-box; margin: 0; padding: 0; }
  html { color-scheme: light; }
  body { font: 13px/1.55 ${LETTERS}; color: #2b2f36; background: #fff; padding: 11px 14px 12px; cursor: default; user-select: none; overflow: hidden; }
  h1 { font-size: 14px; font-weight: 600; color: #14171c; padding-left: 9px; border-left: 3px solid ${PAINT}; margin-bottom: 6px; }
  h1, p { overflow: hidden; text-overflow: ellipsis; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow-wrap: anywhere; }
  p { font-size: 12.5px; color: #5a616c; }
  div { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 10px; }
  div:empty { display: none; }
  button { font: 13px/20px ${LETTERS}; color: #2b2f36; background: #f4f5f7; border: 1px solid #d9dce1; border-radius: 5px; padding: 3px 11px; cursor: pointer; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  button:hover { background: #e9ebef; }
  button:active { background: #dcdfe5; }
  button:first-child { color: #fff; background: ${PAINT}; border-color: ${PAINT}; }
  button:first-child:hover { background: #d24a23; }
  kbd { font: 11px/16px ui-monospace, Consolas, monospace; opacity: .65; margin-left: 6px; }
`;
const panelFrame = () => {
  const frame = dressed(document.createElement("iframe"), {
    display: "block", position: "absolute", "box-sizing": "border-box", "pointer-events": "auto", width: `${Math.min(PANEL_WIDTH, window.innerWidth - 24)}px`, height: "10px",
    border: "1px solid #d9dce1", "border-radius": "8px", background: "#fff", "box-shadow": "0 6px 24px rgba(20,23,28,.18)", "color-scheme": "light",
  });
  frame.tabIndex = -1;
  over().sheet.append(frame);
  const view = frame.contentWindow;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(PANEL_STYLE);
  view.document.adoptedStyleSheets = [sheet];
  for (const type of ["mousedown", "dragstart", "contextmenu"]) view.addEventListener(type, (event) => event.preventDefault(), true);
  return frame;
};
const panelButton = (inside, { key, words: said }) => {
  const button = inside.createElement("button");
  button.textContent = said;
  button.tabIndex = -1;
  if (key.length < 4) button.append(Object.assign(inside.createElement("kbd"), { textContent: key }));
  button.addEventListener("click", () => { if (kept.over) kept.over.panel.pressed = key; });
  return button;
};
const panelOn = () => {
  const former = kept.over && kept.over.panel;
  unframe("panel");
  if (former && former.frame.isConnected) former.frame.remove();
  if (kept.over) kept.over.panel = null;
  const frame = panelFrame();
  const inside = frame.contentDocument;
  const line = (tag, text) => Object.assign(inside.createElement(tag), { textContent: text });
  const row = inside.createElement("div");
  row.append(...request.buttons.map((one) => panelButton(inside, one)));
  inside.body.replaceChildren(line("h1", request.title), ...request.lines.map((text) => line("p", text)), row);
  over().panel = { frame, pressed: "", corner: 0 };
  if (element) frameAround(element, request.place, "panel");
  settleOver();
  return true;
};
const CORNERS = [["right", "bottom"], ["right", "top"], ["left", "bottom"], ["left", "top"]];
const overlap = (one, other) => Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) * Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));
const layPanel = () => { // it stays in its corner until it would cover what is framed
  const { frame } = kept.over.panel;
  if (!frame.contentDocument || !frame.contentDocument.body) return;
  const height = Math.min(frame.contentDocument.body.scrollHeight + 2, window.innerHeight - 24);
  const width = Math.min(PANEL_WIDTH, window.innerWidth - 24);
  const boxIn = ([side, end]) => {
    const [left, top] = [side === "left" ? 12 : window.innerWidth - width - 12, end === "top" ? 12 : window.innerHeight - height - 12];
    return { left, top, right: left + width, bottom: top + height };
  };
  const targets = kept.over.frames.map((one) => whereIs(one.el)).filter(Boolean).map((at) => ({ left: at.left - 8, top: at.top - 30, right: at.right + 8, bottom: at.bottom + 8 }));
  const covers = (corner) => targets.reduce((sum, at) => sum + overlap(at, boxIn(corner)), 0);
  const now = kept.over.panel.corner;
  if (covers(CORNERS[now]) > 0) kept.over.panel.corner = CORNERS.map((corner, at) => [covers(corner), at]).sort((a, b) => a[0] - b[0] || a[1] - b[1])[0][1];
  const { left, top } = boxIn(CORNERS[kept.over.panel.corner]);
  lay(frame, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
};
const panelStands = () => overStands() && Boolean(kept.over.panel) && kept.over.host.parentNode === ontoWhich() && kept.over.panel.frame.checkVisibility();
const panelPressed = () => {
  if (!panelStands()) return "";
  const key = kept.over.panel.pressed;
  kept.over.panel.pressed = "";
  return key;
};
