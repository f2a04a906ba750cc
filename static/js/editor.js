// Keeps what is typed as one writes, and shows at the same time how it looks. Without this script
// the button "Preview" does both.
"use strict";

const form = document.querySelector("[data-keep]");
const shown = document.querySelector("[data-shown]");
const status = document.querySelector("[data-status]");
const PAUSE = 1200; // Milliseconds without a key, after which it is kept.

let wait;
let latest;
let isDirty = false;

const typed = () => {
  const data = new FormData(form);
  data.delete("file");
  return data;
};

const keep = async () => {
  clearTimeout(wait);
  latest?.abort();
  const { signal } = (latest = new AbortController());
  isDirty = false;
  try {
    const answer = await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(typed()), signal });
    if (!answer.ok || answer.redirected) throw new Error("not kept");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelector("[data-kept]");
    status.textContent = said?.textContent ?? "";
    said?.remove();
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    if (signal.aborted) return;
    isDirty = true;
    status.textContent = form.dataset.lost;
  }
};

form.addEventListener("input", (event) => {
  if (event.target.type === "file" || event.target.name === "alt") return;
  isDirty = true;
  clearTimeout(wait);
  wait = setTimeout(keep, PAUSE);
});

form.addEventListener("submit", (event) => {
  if (event.submitter?.value === "preview") {
    event.preventDefault();
    keep();
    document.getElementById("shown").scrollIntoView();
    return;
  }
  clearTimeout(wait);
  latest?.abort();
  isDirty = false;
  // Where a picture is to stand; counted as the server counts, in whole characters.
  const { body } = form.elements;
  if (body.dataset.touched) form.elements.cursor.value = [...body.value.slice(0, body.selectionEnd)].length;
});

form.elements.body.addEventListener("focus", ({ target }) => (target.dataset.touched = "yes"));

// Leaving the page in the middle of a sentence loses nothing.
addEventListener("pagehide", () => {
  if (isDirty) navigator.sendBeacon(form.dataset.keep, typed());
});

// A link in these fields is there to be copied.
for (const one of document.querySelectorAll(".copied")) one.addEventListener("focus", () => one.select());
