// Counts the minutes of a held time down, quietly, and keeps a second press from sending twice.
"use strict";

const held = document.querySelector("[data-until]");
if (held) {
  const until = Date.parse(held.dataset.until);
  const left = held.querySelector("[data-left]");
  const tick = () => {
    const seconds = Math.round((until - Date.now()) / 1000);
    if (seconds <= 0) {
      held.textContent = held.dataset.over;
      clearInterval(timer);
      return;
    }
    left.textContent = ` · ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

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

document.querySelector("[data-focus]")?.focus();
