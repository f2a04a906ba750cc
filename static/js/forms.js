// Makes forms kinder: shows where something is wrong, sends once, counts a password as it grows.
"use strict";

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-once]")) {
  button.form.addEventListener("submit", () => {
    // After the form has been read: a disabled button would not be sent.
    setTimeout(() => button.setAttribute("disabled", ""), 0);
  });
}

// Coming back with the back button finds the form usable again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-once]")) button.removeAttribute("disabled");
});

for (const box of document.querySelectorAll("[data-password]")) {
  const input = box.querySelector("input");
  const { least, show, hide, more, enough, same } = box.dataset;

  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "plain";
  toggle.textContent = show;
  toggle.addEventListener("click", () => {
    const isHidden = input.type === "password";
    input.type = isHidden ? "text" : "password";
    toggle.textContent = isHidden ? hide : show;
  });

  const hint = document.createElement("p");
  hint.className = "hint";
  hint.setAttribute("role", "status");
  const count = () => {
    const typed = [...input.value];
    const left = least - typed.length;
    const isSame = new Set(typed).size < 6;
    hint.textContent = !typed.length ? "" : left > 0 ? more.replace("{count}", left) : isSame ? same : enough;
  };
  input.addEventListener("input", count);
  input.after(hint);
  input.closest(".field").append(toggle);
}
