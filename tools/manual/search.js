// Filters the list of pages by all words typed; pages.js holds [path, title, words].
"use strict";
const root = document.currentScript.dataset.root;
const field = document.getElementById("search");
const found = document.getElementById("found");
const MOST = 30;

function matching(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const rank = ([, title]) => words.every((word) => title.toLowerCase().includes(word)) ? 0 : 1;
  return PAGES
    .filter(([, title, text]) => words.every((word) => `${title} ${text}`.toLowerCase().includes(word)))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST);
}

field.addEventListener("input", () => {
  found.replaceChildren(...matching(field.value).map(([path, title]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${root}${path}.html`;
    link.textContent = title;
    item.append(link);
    return item;
  }));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  }
});
