// Keeps what is typed as one writes, and shows at the same time how it looks. Without this script
// the button "Preview" does both.
"use strict";

const form = document.querySelector("[data-keep]");
const shown = document.querySelector("[data-shown]");
const status = document.querySelector("[data-status]");
const fileError = document.querySelector("[data-too-large]");
const PAUSE = 1200; // Milliseconds without a key, after which it is kept.
const PATIENCE = 15000; // After which an answer is no longer waited for.

let wait;
let edits = 0; // How often something was typed,
let kept = 0; // and how much of that the server has.
let hasFailed = false;
let isPressed = false;
let isReady = false;
let last = Promise.resolve(true);

const typed = () => {
  const data = new FormData(form);
  data.delete("file");
  return data;
};

const post = async () => {
  clearTimeout(wait);
  const sent = edits;
  let isSignedOut = false;
  try {
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      body: new URLSearchParams(typed()),
      signal: AbortSignal.timeout(PATIENCE),
    });
    isSignedOut = answer.redirected || [400, 403, 404].includes(answer.status);
    if (!answer.ok || isSignedOut) throw new Error("not kept");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    kept = Math.max(kept, sent);
    hasFailed = false;
    const said = page.querySelector("[data-kept]");
    status.textContent = said?.textContent ?? "";
    said?.remove();
    // Loaded anew, or come back to, the page shows what is kept.
    if (said?.dataset.kept) history.replaceState(null, "", said.dataset.kept);
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    hasFailed = true;
    status.textContent = isSignedOut ? form.dataset.signedOut : form.dataset.lost;
  }
  return !hasFailed;
};

// One after another, so that an earlier text never comes last.
const keep = () => (last = last.then(post));

form.addEventListener("input", (event) => {
  if (event.target.type === "file" || event.target.name === "alt") return;
  edits += 1;
  clearTimeout(wait);
  wait = setTimeout(keep, PAUSE);
});

const isTooLarge = () => {
  const most = Number(fileError.dataset.most);
  return [...form.elements.file.files].some(({ size }) => size > most);
};

const sayTooLarge = () => (fileError.textContent = isTooLarge() ? fileError.dataset.tooLarge : "");

form.elements.file.addEventListener("change", sayTooLarge);

// A press goes when all that was typed is kept: whatever comes of it, nothing is lost. Pressed
// twice, it goes once.
form.addEventListener("submit", async (event) => {
  const { submitter } = event;
  if (isReady) {
    isReady = false;
    setTimeout(() => (isPressed = false), PATIENCE);
    return;
  }
  event.preventDefault();
  if (isPressed) return;
  sayTooLarge();
  if (submitter?.value === "preview") {
    keep();
    document.getElementById("shown").scrollIntoView();
    return;
  }
  if (isTooLarge()) {
    form.elements.file.focus();
    return;
  }
  isPressed = true;
  // Where a picture is to stand; counted as the server counts, in whole characters.
  const { body } = form.elements;
  if (body.dataset.touched) form.elements.cursor.value = [...body.value.slice(0, body.selectionEnd)].length;
  await last;
  isPressed = edits === kept || (await keep());
  if (!isPressed) {
    status.scrollIntoView({ block: "center" });
    return;
  }
  // While the first event is still under way, the browser takes no second one.
  await new Promise((done) => setTimeout(done));
  isReady = true;
  form.requestSubmit(submitter);
});

// Coming back with the back button finds the form usable again.
addEventListener("pageshow", () => (isPressed = isReady = false));

form.elements.body.addEventListener("focus", ({ target }) => (target.dataset.touched = "yes"));

// Leaving the page in the middle of a sentence loses nothing: a beacon takes it along. It refuses
// what is long, and without an answer nobody knows: then the browser asks first.
const takeAlong = () => {
  if (edits !== kept && navigator.sendBeacon(form.dataset.keep, typed())) kept = edits;
  return edits === kept;
};

addEventListener("beforeunload", (event) => {
  if (isPressed || edits === kept) return;
  if (hasFailed || !takeAlong()) {
    event.preventDefault();
    keep();
  }
});

addEventListener("pagehide", takeAlong);

// A link in these fields is there to be copied.
for (const one of document.querySelectorAll(".copied")) one.addEventListener("focus", () => one.select());
