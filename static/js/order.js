// Puts lists in order in place: the buttons without a new page, and by dragging the grip.
// Without this script the same buttons send the same forms.
"use strict";

const said = document.querySelector("[data-said]");
let isBusy = false;

const send = async (form, before) => {
  if (isBusy) return;
  isBusy = true;
  const list = form.closest("[data-ordered]");
  const place = [...document.querySelectorAll("[data-ordered]")].indexOf(list);
  const body = new URLSearchParams(new FormData(form));
  body.set("before", before);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelectorAll("[data-ordered]")[place];
    if (!answer.ok || !fresh) throw new Error("no list in the answer");
    list.replaceWith(fresh);
    grip(fresh);
    said.textContent = page.querySelector(".notice")?.textContent ?? "";
  } catch {
    location.reload();
  } finally {
    isBusy = false;
  }
};

// The button that was pressed has the focus again, or its neighbour when the row has come to an end.
const focus = (id, way) => {
  const other = way === "up" ? "down" : "up";
  (document.getElementById(`${way}-${id}`) ?? document.getElementById(`${other}-${id}`))?.focus();
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-place]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const [way, id] = event.submitter.id.split("-");
  await send(form, event.submitter.value);
  focus(id, way);
});

const grip = (list) => {
  if (list.children.length < 2) return;
  for (const row of list.children) {
    const handle = document.createElement("span");
    handle.className = "grip";
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    handle.addEventListener("pointerdown", (event) => drag(event, handle, list, row));
    row.prepend(handle);
  }
};

const middle = (row) => {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
};

const drag = (start, handle, list, row) => {
  if (start.button !== 0 || isBusy) return;
  start.preventDefault();
  handle.setPointerCapture(start.pointerId);
  row.classList.add("dragged");
  const first = row.nextElementSibling;

  // The others go round the row: one that is taken out of the page would lose the pointer.
  const follow = ({ clientY }) => {
    for (let one; (one = row.previousElementSibling) && clientY < middle(one); ) row.after(one);
    for (let one; (one = row.nextElementSibling) && clientY > middle(one); ) row.before(one);
  };
  const stop = ({ type }) => {
    handle.removeEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) handle.removeEventListener(end, stop);
    row.classList.remove("dragged");
    if (type === "pointercancel") list.insertBefore(row, first);
    else if (row.nextElementSibling !== first) {
      send(row.querySelector("[data-place]"), row.nextElementSibling?.dataset.id ?? "0");
    }
  };
  handle.addEventListener("pointermove", follow);
  for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, stop);
};

for (const list of document.querySelectorAll("[data-ordered]")) grip(list);
