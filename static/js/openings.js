// Swaps the openings in place when a day, a length or a person is chosen, instead of loading
// the whole page. Without this script the same links load the same page.
"use strict";

// The token of the page's forms, for those that come without one.
const token = document.querySelector("[data-swap] [name=csrf_token]")?.value;

// Where the openings are to be had alone, they are: without the page around them.
const partOf = (url, here) => {
  const part = token && here.dataset.part;
  return part ? part + new URL(url).search : url;
};

const adopt = (fresh) => {
  for (const field of fresh.querySelectorAll("[name=csrf_token]")) field.value ||= token;
};

let latest; // Of two quick choices the second counts, whichever answer comes first.

const swap = async (url, remember) => {
  latest?.abort();
  const { signal } = (latest = new AbortController());
  const here = document.querySelector("[data-swap]");
  here.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(partOf(url, here), { headers: { Accept: "text/html" }, signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-swap]");
    if (!answer.ok || !fresh) throw new Error("no openings in the answer");
    adopt(fresh);
    here.replaceWith(fresh);
    if (remember) history.pushState(null, "", url);
    const heading = fresh.querySelector("#times");
    if (remember && heading) heading.focus({ preventScroll: true });
  } catch {
    if (!signal.aborted) location.assign(url);
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap] a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  swap(link.href, true);
});

addEventListener("popstate", () => swap(location.href, false));
