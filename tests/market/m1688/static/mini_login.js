// The sign-in form inside its frame: where it succeeds the page around it goes on.

const form = document.getElementById("login-form");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = { loginId: form.elements["fm-login-id"].value, password: form.elements["fm-login-password"].value, Done: form.dataset.done };
  const response = await fetch("/newlogin/ajax/login.do", { method: "POST", body: JSON.stringify(sent) });
  const answer = await response.json();
  if (answer.to) {
    top.location.href = answer.to;
    return;
  }
  form.querySelector(".login-error-msg").textContent = answer.message;
  form.querySelector(".login-error").hidden = false;
});
