// Counts the minutes of a held time down, quietly.
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
