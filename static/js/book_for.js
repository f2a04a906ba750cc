// Finds the client while somebody types, and shows the times for what is chosen. Without this
// script the form has a button for each of the two.
"use strict";

const form = document.querySelector(".book-for");
if (form) {
  form.classList.add("live");
  const input = form.elements.client;
  const touched = new Set();
  let latest; // Of two quick questions the second counts, whichever answer comes first.
  let wait;

  const ask = async (url) => {
    latest?.abort();
    const { signal } = (latest = new AbortController());
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" }, signal });
      if (!answer.ok || answer.redirected) throw new Error("no part of the form in the answer");
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      if (!signal.aborted) form.classList.remove("live"); // The buttons do it then.
      return null;
    }
  };

  const chosen = (name) => form.querySelector(`[name="${name}"]:checked`)?.value;

  const showOffers = async () => {
    const query = new URLSearchParams({ person: chosen("person") ?? "" });
    if (touched.size) for (const name of ["option", "practitioner"]) query.set(name, form.elements[name].value);
    const page = await ask(`${form.dataset.offers}?${query}`);
    const fresh = page?.querySelector("#offers");
    if (!fresh) return;
    for (const name of ["option", "practitioner", "preset"]) {
      form.elements[name].value = page.querySelector(`[name="${name}"]`).value;
    }
    const was = chosen("start");
    const same = [...fresh.querySelectorAll("input")].find((one) => one.value === was);
    document.getElementById("offers").replaceWith(fresh);
    if (same) same.checked = true;
  };

  const find = async () => {
    const page = await ask(`${form.dataset.callers}?${new URLSearchParams({ q: input.value })}`);
    const fresh = page?.getElementById("callers");
    if (!fresh) return;
    document.getElementById("callers").replaceWith(fresh);
    if (chosen("person")) await whoChanged();
  };

  const whoChanged = async () => {
    if (chosen("person") !== "new") return showOffers();
    // Who is not found is new: what was typed is their number or their name.
    const typed = input.value.trim();
    const field = /\p{L}/u.test(typed) ? form.elements.name : form.elements.phone;
    for (const one of [form.elements.name, form.elements.phone]) if (one.dataset.ours) one.value = "";
    if (!field.value) {
      field.value = typed;
      field.dataset.ours = "yes";
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(find, 200);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    if (!form.classList.contains("live")) return;
    event.preventDefault(); // Not the first button of the form: on to who was found.
    const radios = [...form.querySelectorAll('[name="person"]')];
    (radios.find((one) => one.checked) ?? radios[0])?.focus();
  });
  for (const one of [form.elements.name, form.elements.phone]) {
    one.addEventListener("input", () => delete one.dataset.ours);
  }
  form.addEventListener("change", (event) => {
    const { name } = event.target;
    if (name === "person") whoChanged();
    if (name !== "option" && name !== "practitioner") return;
    touched.add(name);
    showOffers();
  });
}
