"use strict";
document.documentElement.classList.add("js");
addEventListener("DOMContentLoaded", () => {
  const audio = document.getElementById("audio");
  const chapter = document.getElementById("chapter");
  const go = (seconds) => {
    const to = Math.max(0, seconds);
    if (audio.readyState) {
      audio.currentTime = to;
      return;
    }
    audio.preload = "metadata";
    audio.addEventListener("loadedmetadata", () => { audio.currentTime = to; }, { once: true });
    audio.load();
  };
  document.getElementById("back").addEventListener("click", () => go(audio.currentTime - 15));
  document.getElementById("forward").addEventListener("click", () => go(audio.currentTime + 15));
  chapter?.addEventListener("change", () => {
    go(chapter.value / 1000);
    audio.play().catch(() => {});
  });
  audio.addEventListener("timeupdate", () => {
    if (!chapter || document.activeElement === chapter) return;
    const at = [...chapter.options].filter((each) => each.value <= audio.currentTime * 1000 + 10).at(-1);
    if (at) chapter.value = at.value;
  });
});
