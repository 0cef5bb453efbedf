// The code of a text message. Alone it goes back to the page; in a frame it tells the page around it.

const form = document.getElementById("sms-form");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = { code: document.getElementById("sms-code").value, url: form.dataset.back };
  const response = await fetch("/_____tmd_____/ajax/sms", { method: "POST", body: JSON.stringify(sent) });
  const answer = await response.json();
  if (answer.ret === "FAIL_BIZ" && answer.message.includes("验证码")) {
    form.querySelector(".sms-error").textContent = answer.message;
  } else if (parent !== window) parent.postMessage(answer, "*");
  else location.href = form.dataset.back || answer.to;
});
