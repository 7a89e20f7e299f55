// One player for all bulletins of the list: what is pressed is heard, and what was heard before stops.
addEventListener("DOMContentLoaded", () => {
  const audio = byId("audio");
  let button = null;
  const label = (on) => {
    if (!button) return;
    const said = button.querySelector("[data-said]");
    [said.textContent, said.dataset.said] = [said.dataset.said, said.textContent];
    button.setAttribute("aria-pressed", on);
  };
  addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-play]");
    if (!pressed) return;
    if (pressed === button) return void (audio.paused ? audio.play() : audio.pause());
    audio.pause();
    if (button?.getAttribute("aria-pressed") === "true") label(false);
    button = pressed;
    audio.src = pressed.dataset.play;
    audio.play().catch(() => label(false));
  });
  audio.addEventListener("play", () => { if (button?.getAttribute("aria-pressed") !== "true") label(true); });
  audio.addEventListener("pause", () => { if (button?.getAttribute("aria-pressed") === "true") label(false); });
});
