// The slider: held down and drawn to its end. Alone it goes back to the page; in a frame it tells the page around it.

const bar = document.getElementById("nc_1_n1t");
const knob = document.getElementById("nc_1_n1z");
let from = null;

knob.addEventListener("pointerdown", (event) => {
  from = event.clientX;
  knob.setPointerCapture(event.pointerId);
});
knob.addEventListener("pointermove", (event) => {
  if (from === null) return;
  const way = Math.max(0, Math.min(event.clientX - from, bar.clientWidth - knob.clientWidth));
  knob.style.left = `${way}px`;
  if (way >= bar.clientWidth - knob.clientWidth - 1) solved();
});
knob.addEventListener("pointerup", () => {
  from = null;
  knob.style.left = "0";
});

async function solved() {
  from = null;
  bar.querySelector(".nc-lang-cnt").textContent = "验证通过";
  const back = document.getElementById("baxia-punish").dataset.back;
  const response = await fetch("/_____tmd_____/ajax/slide", { method: "POST", body: JSON.stringify({ url: back }) });
  const answer = await response.json();
  if (parent !== window) parent.postMessage(answer, "*");
  else location.href = back || answer.to;
}
