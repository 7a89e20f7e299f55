// The player: the browser's own audio element behind controls of ours.
addEventListener("DOMContentLoaded", () => {
  const audio = byId("audio");
  const data = JSON.parse(byId("timeline").textContent);
  const whole = data.duration / 1000;
  const links = [...document.querySelectorAll(".chapter")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let wanted = null; // seconds to go to as soon as the browser knows the file
  let chapter = -1;
  let following = true;
  let ours = 0; // until when scrolling is ours
  let sleep = null;

  // Time in words and figures
  const figures = (seconds) => {
    const s = Math.floor(seconds);
    const pad = (n) => String(n).padStart(2, "0");
    const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
    return h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
  };
  const spoken = (seconds) => {
    const s = Math.floor(seconds);
    const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
    return `${h ? `${h} 小时 ` : ""}${h || m ? `${m} 分 ` : ""}${s % 60} 秒`;
  };
  let told = 0;
  const say = (text, { seen = true, stays = false } = {}) => {
    const status = byId("status");
    clearTimeout(told);
    status.textContent = status.textContent === text ? `${text}\u00a0` : text; // the same again is news
    status.classList.toggle("seen", seen);
    if (!stays) told = setTimeout(() => { status.textContent = ""; status.classList.remove("seen"); }, 6000);
  };

  // Going about in time
  const now = () => wanted ?? audio.currentTime;
  const seek = (seconds) => {
    const to = Math.min(Math.max(seconds, 0), whole);
    if (audio.readyState) audio.currentTime = to;
    else wanted = to;
    byId("note").hidden = true;
    paint(true);
  };
  const play = () => {
    if (!audio.readyState) audio.load();
    audio.play().catch((error) => {
      if (error.name !== "AbortError") say("音频没能播放，请再按一次播放，或下载后收听", { stays: true });
    });
  };
  const toggle = () => {
    if (!audio.paused) return audio.pause();
    following = true;
    play();
  };
  const hear = (ms) => {
    following = true;
    seek(ms / 1000);
    play();
  };
  const skip = (seconds) => {
    following = true;
    seek(now() + seconds);
    if (audio.paused) say(spoken(now()), { seen: false });
  };
  const title = (at) => data.chapters[at]?.[2] ?? data.title;
  const go = (to) => {
    if (!data.chapters[to]) return say(to < 0 ? "已经是第一章" : "已经是最后一章");
    say(title(to), { seen: false });
    hear(data.chapters[to][0]);
  };
  const next = () => go(chapter + 1);
  // As on any player: a chapter that has only begun is left for the one before.
  const previous = () => go(now() * 1000 - data.chapters[chapter][0] > 3000 ? chapter : Math.max(chapter - 1, 0));

  // What is heard, shown
  const text = new Reading(byId("text"), data.cues, hear);
  let shownSecond = -1;
  const paint = (moved = false) => {
    const seconds = now();
    const ms = seconds * 1000 + 1; // 1: a seek may land a hair before where it was sent
    if (text.show(ms) || moved) follow();
    const at = Math.max(last(data.chapters, (each) => each[0] <= ms), 0);
    if (at !== chapter) turn(at);
    if (moved || Math.floor(seconds) !== shownSecond) {
      shownSecond = Math.floor(seconds);
      byId("clock").textContent = `${figures(seconds)} / ${figures(whole)}`;
      bar(seconds, moved);
    }
  };
  const turn = (at) => {
    links[chapter]?.removeAttribute("aria-current");
    links[at]?.setAttribute("aria-current", "location");
    chapter = at;
    byId("now").textContent = data.chapters.length > 1 ? title(at) : data.title;
    if ("mediaSession" in navigator) session();
    const list = links[at]?.closest("ol");
    if (list && list.scrollHeight > list.clientHeight) list.scrollTop = links[at].offsetTop - list.clientHeight / 3;
  };
  // The slider's own value rests while it has the focus and nobody moves it: a screen reader would
  // read out every second. What is drawn goes on.
  const slider = byId("seek");
  const bar = (seconds, moved) => {
    slider.parentElement.style.setProperty("--at", seconds / whole || 0);
    if (!moved && document.activeElement === slider) return;
    slider.value = seconds;
    slider.setAttribute("aria-valuetext", `${spoken(seconds)}，共 ${spoken(whole)}，${title(Math.max(chapter, 0))}`);
  };
  const loop = () => {
    if (audio.paused || audio.ended) return;
    paint();
    requestAnimationFrame(loop);
  };

  // Scrolling along, until the reader scrolls
  const ahead = () => {
    const box = text.current?.getBoundingClientRect();
    const room = innerHeight - byId("dock").offsetHeight;
    return { box, room, off: box && (box.top < 72 || box.bottom > room - 16) };
  };
  const follow = () => {
    const { box, room, off } = ahead();
    const here = byId("here");
    here.hidden = !off || (following && byId("follow").checked) || audio.paused;
    if (!off || !following || !byId("follow").checked) return;
    ours = performance.now() + 1200;
    const top = Math.max(scrollY + box.top - room * 0.3, 0);
    scrollTo({ top, behavior: calm.matches ? "instant" : "smooth" });
  };
  const release = () => {
    if (audio.paused) return;
    following = false;
    follow();
  };
  addEventListener("wheel", () => { ours = 0; release(); }, { passive: true });
  addEventListener("touchmove", () => { ours = 0; release(); }, { passive: true });
  addEventListener("scroll", () => { if (performance.now() > ours) release(); }, { passive: true });
  byId("here").addEventListener("click", () => {
    following = true;
    byId("follow").checked = true;
    choose("follow", true);
    follow();
    byId("play").focus({ preventScroll: true });
  });
  byId("follow").checked = settings.follow !== false;
  byId("follow").addEventListener("change", (event) => {
    choose("follow", event.target.checked);
    following = true;
    follow();
  });

  // Controls
  const face = (id, icon, label) => {
    byId(id).setAttribute("aria-label", label);
    byId(id).querySelector("use").setAttribute("href", `#i-${icon}`);
  };
  const press = { play: toggle, back: () => skip(-10), forward: () => skip(10), previous, next };
  for (const [id, act] of Object.entries(press)) byId(id)?.addEventListener("click", act);
  slider.addEventListener("input", () => { following = true; seek(Number(slider.value)); });
  slider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageUp: 30, PageDown: -30 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    following = true;
    seek(now() + step);
  });
  for (const [at, link] of links.entries()) {
    link.href = `#chapter-${at + 1}`;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(at);
    });
  }
  for (const link of document.querySelectorAll(".inner")) {
    link.href = `#t=${link.dataset.start / 1000}`;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      hear(Number(link.dataset.start));
    });
  }
  byId("more").addEventListener("click", () => {
    const open = byId("dock").classList.toggle("open");
    byId("more").setAttribute("aria-expanded", String(open));
  });

  // Speed and volume
  const rate = byId("rate");
  const speeds = [...rate.options].map((option) => option.value);
  const speed = (value) => {
    rate.value = value;
    audio.playbackRate = audio.defaultPlaybackRate = Number(value);
    choose("rate", value);
    session();
  };
  const faster = (step) => {
    const value = speeds[speeds.indexOf(rate.value) + step];
    if (value) speed(value);
    say(`${rate.value} 倍速`);
  };
  rate.addEventListener("change", () => speed(rate.value));
  const volume = byId("volume");
  const loud = () => {
    volume.value = Math.round(audio.volume * 100);
    volume.setAttribute("aria-valuetext", `${volume.value}%`);
    face("mute", audio.muted ? "mute" : "sound", "静音");
    byId("mute").setAttribute("aria-pressed", String(audio.muted));
    choose("volume", audio.volume);
  };
  const louder = (step) => {
    audio.muted = false;
    audio.volume = Math.min(Math.max(Math.round(audio.volume * 10 + step) / 10, 0), 1);
    say(`音量 ${Math.round(audio.volume * 100)}%`);
  };
  const mute = () => { audio.muted = !audio.muted; };
  volume.addEventListener("input", () => { audio.muted = false; audio.volume = volume.value / 100; });
  byId("mute").addEventListener("click", mute);
  audio.addEventListener("volumechange", loud);

  // Sleep
  byId("sleep").addEventListener("change", ({ target: { value } }) => {
    sleep = value === "chapter" ? { at: data.chapters[chapter][1] / 1000 } : value ? { by: Date.now() + value * 60000 } : null;
  });
  const tired = () => {
    if (!sleep || !((sleep.by && Date.now() >= sleep.by) || (sleep.at && now() >= sleep.at - 0.3))) return;
    sleep = null;
    byId("sleep").value = "";
    audio.pause();
    say("定时已到，已停止播放");
  };

  // Where one was
  const keep = () => {
    const seconds = now();
    store.set(`at:${data.slug}`, seconds > 5 && seconds < whole - 5 ? Math.round(seconds * 10) / 10 : null);
  };
  const asked = () => {
    const hash = location.hash.replace(/%3a/gi, ":");
    const part = /^#chapter-(\d{1,5})$/.exec(hash);
    if (part) return (data.chapters[part[1] - 1] ?? [0])[0] / 1000;
    const time = /^#t=(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)/.exec(hash);
    return time ? (time[1] ?? 0) * 3600 + (time[2] ?? 0) * 60 + Number(time[3]) : null;
  };
  const arrive = () => {
    const seconds = asked();
    if (seconds === null) return false;
    following = true;
    seek(seconds);
    return true;
  };
  byId("restart").addEventListener("click", () => { seek(0); play(); byId("play").focus(); });
  byId("share").addEventListener("click", async () => {
    const link = new URL(`#t=${Math.floor(now())}`, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      say("链接已复制");
    } catch {
      history.replaceState(null, "", link);
      say("链接已放到地址栏，请从那里复制");
    }
  });

  // The lock screen and headset keys
  const session = () => {
    const media = navigator.mediaSession;
    if (!media || !window.MediaMetadata) return;
    const cover = document.querySelector(".hero .cover");
    media.metadata = new MediaMetadata({
      title: chapter >= 0 && data.chapters.length > 1 ? title(chapter) : data.title,
      artist: document.querySelector(".home span").textContent,
      album: data.title,
      artwork: cover && location.protocol !== "file:" ? [{ src: cover.src }] : [],
    });
    const acts = {
      play, pause: () => audio.pause(), previoustrack: previous, nexttrack: next,
      seekbackward: (act) => skip(-(act.seekOffset || 10)),
      seekforward: (act) => skip(act.seekOffset || 10),
      seekto: (act) => seek(act.seekTime),
    };
    for (const [name, act] of Object.entries(acts)) {
      try {
        media.setActionHandler(name, act);
      } catch {
        continue; // a browser need not know them all
      }
    }
    media.setPositionState?.({ duration: whole, position: Math.min(now(), whole), playbackRate: audio.playbackRate });
  };

  // Keys
  const keys = {
    k: toggle, j: () => skip(-10), l: () => skip(10), p: previous, n: next,
    ",": () => faster(-1), ".": () => faster(1), "-": () => louder(-1), "=": () => louder(1), m: () => { mute(); say(audio.muted ? "已静音" : "已取消静音"); },
    g: () => byId("here").click(), "?": () => byId("keys").showModal(),
  };
  const shortcuts = byId("shortcuts");
  shortcuts.checked = settings.shortcuts !== false;
  const announceKeys = () => {
    const names = { play: "K", back: "J", forward: "L", previous: "P", next: "N", mute: "M" };
    for (const [id, key] of Object.entries(names)) {
      if (shortcuts.checked) byId(id)?.setAttribute("aria-keyshortcuts", key);
      else byId(id)?.removeAttribute("aria-keyshortcuts");
    }
    byId("keys-off").hidden = shortcuts.checked;
  };
  shortcuts.addEventListener("change", () => { choose("shortcuts", shortcuts.checked); announceKeys(); });
  addEventListener("keydown", (event) => {
    if (!shortcuts.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.("select, input:not([type=range], [type=checkbox])")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // The element tells what it does
  audio.addEventListener("loadedmetadata", () => {
    if (wanted !== null) audio.currentTime = wanted;
    wanted = null;
    paint(true);
  });
  audio.addEventListener("play", () => { face("play", "pause", "暂停"); byId("note").hidden = true; page.classList.add("playing"); loop(); follow(); });
  audio.addEventListener("pause", () => { face("play", "play", "播放"); page.classList.remove("playing"); keep(); follow(); });
  audio.addEventListener("ended", () => store.set(`at:${data.slug}`, null));
  audio.addEventListener("seeked", () => { paint(); session(); });
  audio.addEventListener("timeupdate", () => { paint(); tired(); if (Math.floor(now()) % 5 === 0) keep(); });
  audio.addEventListener("error", () => say("音频打不开，请检查网络或稍后再试；正文仍可阅读", { stays: true }));
  addEventListener("pagehide", keep);
  addEventListener("hashchange", arrive);

  // Begin
  audio.controls = false;
  dialog("keys");
  announceKeys();
  if (speeds.includes(settings.rate)) speed(settings.rate);
  if (settings.volume >= 0 && settings.volume <= 1) audio.volume = settings.volume;
  volume.closest(".volume").hidden = Math.abs(audio.volume - (settings.volume ?? 1)) > 0.01; // iOS has none
  const ticks = document.querySelector(".ticks");
  for (const [start] of data.chapters.slice(1)) {
    const tick = ticks.appendChild(document.createElement("i"));
    tick.style.setProperty("--at", start / data.duration);
  }
  new ResizeObserver(() => page.style.setProperty("--dock", `${byId("dock").offsetHeight}px`)).observe(byId("dock"));
  const kept = store.get(`at:${data.slug}`);
  if (!arrive()) {
    if (typeof kept === "number" && kept > 5 && kept < whole - 5) {
      following = false; // the page opens at its top all the same
      seek(kept);
      byId("note-text").textContent = `已回到上次听到的 ${figures(kept)}`;
      byId("note").hidden = false;
    } else paint(true);
  }
});
