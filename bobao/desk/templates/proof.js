"use strict";
document.documentElement.classList.add("js");
addEventListener("DOMContentLoaded", () => {
  const by = (id) => document.getElementById(id);
  const visible = () => [...document.querySelectorAll(".line")].filter((line) => line.getClientRects().length);
  const store = "bobao-proof-keys";
  const keys = by("keys");
  const follow = by("follow");
  let last = null;
  let sounding = null;

  const say = (text) => { by("status").textContent = text; };
  const here = () => {
    const focused = document.activeElement?.closest?.(".line");
    if (focused) return focused;
    if (last?.isConnected && last.getClientRects().length) return last;
    return document.querySelector(".line:target");
  };
  const go = (line) => {
    last = line;
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  };
  const move = (step) => {
    const shown = visible();
    const at = shown.indexOf(here());
    const line = at < 0 ? shown[0] : shown[at + step];
    if (line) go(line);
  };
  const nextDoubt = () => {
    const shown = visible();
    const asked = shown.filter((line) => line.classList.contains("has-doubt"));
    const at = shown.indexOf(here());
    const line = asked.find((each) => shown.indexOf(each) > at) ?? asked[0];
    if (line) go(line);
    say(line ? `存疑第 ${asked.indexOf(line) + 1} 处，共 ${asked.length} 处` : "没有存疑的行");
  };
  const stop = () => {
    if (!sounding) return;
    const audio = sounding.querySelector("audio");
    audio.pause();
    audio.currentTime = 0;
  };
  const play = (line) => {
    const audio = line?.querySelector("audio");
    if (!audio) return say("这一行没有录音");
    const again = line === sounding;
    stop();
    if (!again) audio.play().catch(() => say("录音放不出来，请重新录音"));
  };
  const label = (line, on) => {
    const number = line.id.slice(1);
    line.classList.toggle("playing", on);
    line.querySelector(".play").setAttribute("aria-label", `${on ? "停止" : "播放"}第 ${number} 行`);
  };

  // On the document, so that the desk may put other lines in the place of these.
  const lineOf = (event) => event.target.closest?.(".line");
  addEventListener("focusin", (event) => { last = lineOf(event) ?? last; });
  addEventListener("click", (event) => { if (event.target.closest(".play")) play(lineOf(event)); });
  addEventListener("play", (event) => {
    sounding = lineOf(event);
    if (sounding) label(sounding, true);
  }, true);
  addEventListener("pause", (event) => {
    const line = lineOf(event);
    if (!line) return;
    label(line, false);
    if (sounding === line) sounding = null;
  }, true);
  addEventListener("ended", (event) => {
    const line = lineOf(event);
    if (!line || !follow.checked) return;
    const shown = visible();
    const next = shown.slice(shown.indexOf(line) + 1).find((each) => each.querySelector("audio"));
    if (!next) return;
    go(next);
    play(next);
  }, true);
  const wake = () => {
    for (const button of document.querySelectorAll(".play")) button.hidden = false;
    follow.closest("label").hidden = !document.querySelector("audio");
    by("next").hidden = !document.querySelector(".has-doubt");
  };
  addEventListener("swapped", wake);

  for (const each of document.querySelectorAll(".needs")) each.hidden = false;
  wake();
  by("next").addEventListener("click", nextDoubt);
  try {
    keys.checked = localStorage.getItem(store) !== "off";
    keys.addEventListener("change", () => localStorage.setItem(store, keys.checked ? "on" : "off"));
  } catch {
    keys.checked = true;
  }
  for (const menu of document.querySelectorAll(".menu")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("click", (event) => { if (event.target.closest("a")) menu.open = false; });
  }

  const anywhere = {
    j: () => move(1),
    k: () => move(-1),
    n: nextDoubt,
    p: () => play(here()),
    r: () => here()?.querySelector(".py")?.click(),
  };
  const onLine = {
    ArrowDown: anywhere.j,
    ArrowUp: anywhere.k,
    " ": anywhere.p,
  };
  addEventListener("keydown", (event) => {
    const target = event.target;
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("dialog, form")) return;
    const act = anywhere[event.key.toLowerCase()] ?? (target.matches(".line") ? onLine[event.key] : null);
    if (!act) return;
    event.preventDefault();
    act();
  });
});
