"use strict";
// What a reader has chosen, kept between pages; set before anything is drawn.
const page = document.documentElement;
const byId = (id) => document.getElementById(id);
const store = {
  // Storage may be forbidden, full or written by someone else: then there is nothing kept.
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`bobao:${name}`));
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`bobao:${name}`);
      else localStorage.setItem(`bobao:${name}`, JSON.stringify(value));
    } catch {
      return;
    }
  },
};
const settings = Object.assign(Object.create(null), store.get("settings"));
const choose = (name, value) => {
  settings[name] = value;
  store.set("settings", settings);
};
const LOOKS = { size: ["2", "3", "4"], theme: ["light", "dark"], contrast: ["more"], font: ["sans"] };
const dress = () => {
  for (const [name, values] of Object.entries(LOOKS)) {
    if (values.includes(settings[name])) page.dataset[name] = settings[name];
    else delete page.dataset[name];
  }
};
page.classList.add("js");
dress();

// A dialog of the browser's own: it keeps the focus inside, Escape closes it, focus goes back.
const dialog = (id) => {
  const sheet = byId(id);
  byId(`open-${id}`).addEventListener("click", () => sheet.showModal());
  sheet.addEventListener("click", (event) => {
    const { left, right, top, bottom } = sheet.getBoundingClientRect();
    const beside = event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
    if (event.target.closest("[data-close]") || (event.target === sheet && beside)) sheet.close();
  });
  return sheet;
};
addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.parentNode.querySelector("input");
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = "已复制";
  } catch {
    button.textContent = "请按 Ctrl+C";
  }
});
addEventListener("DOMContentLoaded", () => {
  const sheet = dialog("settings");
  for (const input of sheet.querySelectorAll("input[type=radio]")) {
    input.checked = input.value === (page.dataset[input.name] ?? "");
    input.addEventListener("change", () => {
      choose(input.name, input.value);
      dress();
    });
  }
});
