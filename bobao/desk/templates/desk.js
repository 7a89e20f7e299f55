"use strict";
document.documentElement.classList.add("js");
addEventListener("DOMContentLoaded", () => {
  const by = (id) => document.getElementById(id);
  const slug = document.body.dataset.slug ?? "";
  const editor = by("editor");
  const path = (...parts) => parts.map((part) => `/${encodeURIComponent(part)}`).join("");

  // Words to the person, and to the server
  const complain = (error) => {
    const place = by(editor?.open ? "editor-fault" : "fault");
    place.textContent = error.message;
    place.hidden = false;
  };
  const calm = () => { for (const id of ["fault", "editor-fault"]) if (by(id)) by(id).hidden = true; };
  const told = async (response) => {
    const answer = await response.json().catch(() => ({ what: "编辑台没有回答" }));
    if (response.ok) return answer;
    const now = answer.now === undefined ? [] : [`现在是：${answer.now || "（这一行没有了）"}`, `你要改成：${answer.yours || "（没有文字）"}`];
    throw new Error([answer.where, answer.what, answer.advice, ...now].filter(Boolean).join("\n"));
  };
  const ask = async (what, body) => {
    calm();
    const headers = { "Content-Type": "application/json" };
    return told(await fetch(`/do/${what}`, { method: "POST", headers, body: JSON.stringify(body) }));
  };
  const doing = (work) => async (event) => {
    if (event.type === "submit" || event.type === "drop") event.preventDefault();
    try {
      await work(event);
    } catch (error) {
      complain(error);
    }
  };

  // The page as it is now, in the place of what it was
  const parts = slug ? ["#script", ".doubts", ".facts", ".things", ".bench .state", ".sign", "[name=version]"] : [".tray-list"];
  const refresh = async (number) => {
    const response = await fetch(location.pathname);
    if (!response.ok) throw new Error("页面读不出来，请刷新");
    const at = document.activeElement?.closest("[data-do]");
    const own = at && { what: at.dataset.do, slug: at.closest("[data-slug]").dataset.slug };
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts) {
      const [old, made] = [document, page].map((where) => where.querySelector(part));
      if (old && made) old.replaceWith(made);
    }
    dispatchEvent(new Event("swapped"));
    if (number) by(`l${number}`)?.focus();
    else if (own) {
      const home = `[data-slug="${CSS.escape(own.slug)}"]`;
      const again = document.querySelector(`${home} [data-do="${own.what}"]:enabled`);
      (again ?? document.querySelector(`${home} [data-do]`))?.focus();
    }
  };

  // Jobs
  let watching = 0;
  let seen = null;
  const minutes = (seconds) => seconds < 60 ? `${Math.round(seconds)} 秒` : `${Math.floor(seconds / 60)} 分 ${Math.round(seconds % 60)} 秒`;
  const names = { make: "制作", publish: "发布", withdraw: "撤下", restore: "恢复" };
  const show = (job) => {
    by("jobs").hidden = false;
    const what = `${names[job.what]} ${job.slug}`;
    const share = job.total ? job.done / job.total : 0;
    const far = job.total ? `：${job.step} ${job.done}／${job.total}` : job.step ? `：${job.step}` : "";
    const end = job.error ? `没有做成：${job.error}` : job.findings.length ? `做好了，校验发现 ${job.findings.length} 处` : "做好了";
    const text = job.ended ? `${what}：${end}，用了 ${minutes(job.seconds)}` : `${what}${far}`;
    by("bar").value = job.ended ? 1 : share;
    // Said at every tenth and at the end: a screen reader would read every line.
    const step = `${job.number} ${job.step} ${Math.floor(share * 10)} ${job.ended}`;
    if (step !== seen) by("job").textContent = text;
    seen = step;
    by("findings").replaceChildren(...job.findings.map((found) => {
      const item = document.createElement("li");
      const at = found.at_ms === null ? "" : `${Math.floor(found.at_ms / 60000)}:${String(Math.floor(found.at_ms / 1000) % 60).padStart(2, "0")} `;
      if (at) {
        const link = document.createElement("a");
        link.href = `/site${path(job.slug, "index.html")}#t=${found.at_ms / 1000}`;
        link.textContent = `听 ${at}`;
        item.append(link);
      }
      item.append(`${found.what} ${found.advice}`);
      return item;
    }));
  };
  const watch = async () => {
    clearTimeout(watching);
    const jobs = await told(await fetch("/state")).catch(() => []);
    const mine = jobs.filter((job) => !slug || job.slug === slug);
    const running = mine.find((job) => !job.ended);
    const job = running ?? mine.at(-1);
    if (job) show(job);
    if (running) watching = setTimeout(watch, 700);
    else if (watching && job) await refresh().catch(complain);
    watching = running ? watching : 0;
  };
  const begun = async () => { watching = -1; await watch(); };

  // Buttons and forms of the page
  const later = new Set(["make", "withdraw", "restore", "publish"]);
  addEventListener("click", doing(async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const what = button.dataset.do;
    const own = button.closest("[data-slug]").dataset.slug;
    const answer = await ask(what, { slug: own });
    if (later.has(what)) await begun();
    else if (what === "draft") location.href = `/script${path(answer.slug)}`;
    else await refresh();
  }));
  const values = (form) => Object.fromEntries(new FormData(form));
  const forms = {
    paste: (form) => ask("paste", values(form)),
    fetch: (form) => ask("fetch", values(form)),
    upload: async (form) => told(await fetch("/upload", { method: "POST", body: new FormData(form) })),
    rundown: (form) => ask("rundown", {
      name: form.elements.name.value,
      headlines: form.elements.headlines.checked,
      slugs: [...by("order").children].map((item) => item.dataset.slug),
    }),
    cast: (form) => ask("cast", { slug, anchors: new FormData(form).getAll("anchors"), style: form.elements.style.value }),
    captions: (form) => ask("captions", { slug, ...values(form) }),
    back: (form) => ask("back", { slug, ...values(form) }),
    sign: (form) => ask("sign", { slug, ...values(form) }),
  };
  addEventListener("submit", doing(async (event) => {
    const form = event.target;
    const answer = await forms[form.dataset.form](form);
    if (answer.slug) location.href = `/script${path(answer.slug)}`;
    else await refresh();
    form.closest("details")?.removeAttribute("open");
  }));

  // Dropping a file
  const drop = by("drop");
  drop?.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop?.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop?.addEventListener("drop", doing(async (event) => {
    drop.classList.remove("over");
    const body = new FormData();
    body.append("file", event.dataTransfer.files[0]);
    const answer = await told(await fetch("/upload", { method: "POST", body }));
    location.href = `/script${path(answer.slug)}`;
  }));

  // The running order of a rundown
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (!button) return;
    const own = button.closest("[data-slug]").dataset.slug;
    if ([...by("order").children].some((item) => item.dataset.slug === own)) return;
    const item = document.createElement("li");
    item.dataset.slug = own;
    item.append(button.dataset.pick);
    const moves = { 上移: () => item.previousElementSibling?.before(item), 下移: () => item.nextElementSibling?.after(item), 去掉: () => item.remove() };
    for (const [name, move] of Object.entries(moves)) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn";
      made.textContent = name;
      made.setAttribute("aria-label", `${name}：${button.dataset.pick}`);
      made.addEventListener("click", () => { move(); if (made.isConnected) made.focus(); });
      item.append(made);
    }
    by("order").append(item);
    by("job").textContent = `已编入串联单：${button.dataset.pick}`;
    by("jobs").hidden = false;
  });

  by("jobs") && watch();
  if (!editor) return;

  // One line
  let line = null;
  let word = null;
  const ear = by("ear");
  const hear = (url) => {
    ear.src = url;
    return ear.play().catch(() => { throw new Error("放不出来：可能有没定读法的字"); });
  };
  const plain = (text) => text.replace(/\\u[0-9a-fA-F]{4}|\\./g, "x");
  const writtenBefore = (markup) => {
    const body = markup.replace(/^(?:#{1,6}\s+|>\s*\[[^\]]*\]\s*)/, "");
    return plain(body).replace(/\{([^|{}]*)(?:\|[^}]*)?(?:\}|$)/g, "$1").length;
  };
  const choose = (at) => {
    word = line.words[at] ?? null;
    for (const [n, button] of [...by("words").children].entries()) button.setAttribute("aria-pressed", n === at);
    by("word").hidden = !word;
    if (!word) return;
    by("word").querySelector("legend").textContent = `“${word.text}”怎么读`;
    by("typed").value = word.pinyin;
    const pick = word.pinyin.split(" ");
    by("readings").replaceChildren(...word.readings.flatMap((readings, n) => readings.length < 2 ? [] : readings.map((reading) => {
      const button = document.createElement("button");
      button.type = "button";
      button.lang = "zh-Latn";
      button.textContent = reading;
      button.setAttribute("aria-label", `第 ${n + 1} 个字读 ${reading}`);
      button.setAttribute("aria-pressed", reading === pick[n]);
      button.addEventListener("click", () => {
        pick[n] = reading;
        by("typed").value = pick.join(" ");
        for (const other of by("readings").children) if (other.dataset.at === button.dataset.at) other.setAttribute("aria-pressed", other === button);
      });
      button.dataset.at = n;
      return button;
    })));
  };
  const open = async (number, at = -1) => {
    line = await told(await fetch(`/line${path(slug, number)}`));
    by("editor-title").textContent = `改第 ${line.number} 行`;
    by("editor-written").textContent = line.written || "（只播不登）";
    by("markup").value = line.was;
    by("more").value = "";
    by("kind").value = line.kind;
    for (const [name, fits] of [["silence", line.spoken], ["voice", !line.spoken]]) {
      editor.querySelector(`[data-act="${name}"]`).hidden = !fits;
    }
    by("words").replaceChildren(...line.words.map((each, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = each.doubtful ? "q" : "";
      button.append(each.text);
      const small = document.createElement("small");
      small.lang = "zh-Latn";
      small.textContent = each.pinyin;
      button.append(small);
      button.addEventListener("click", () => choose(n));
      return button;
    }));
    calm();
    choose(line.words.findIndex((each) => at >= each.start && at < each.end));
    if (!editor.open) editor.showModal();
    (word ? by("typed") : by("markup")).focus();
  };
  const close = (number) => {
    editor.close();
    (by(`l${number ?? line.number}`) ?? document.body).focus();
  };
  editor.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  by("close").addEventListener("click", () => close());
  const act = async (name, more = {}) => {
    const answer = await ask("act", { slug, name, number: line.number, was: line.was, ...more });
    editor.close();
    await refresh(answer.number);
  };
  const details = {
    write: () => ({ text: by("markup").value }),
    split: () => ({ start: writtenBefore(by("markup").value.slice(0, by("markup").selectionStart)) }),
    kind: () => ({ kind: by("kind").value }),
    add: () => ({ text: by("more").value }),
  };
  editor.addEventListener("click", doing(async (event) => {
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (name) await act(name, details[name]?.());
  }));
  by("line-hear").addEventListener("click", doing(() => hear(`/hear${path(slug, line.number)}?${Date.now()}`)));
  by("word-hear").addEventListener("click", doing(() => {
    const asked = new URLSearchParams({ word: word.text, typed: by("typed").value });
    return hear(`/word${path(slug, line.number)}?${asked}`);
  }));
  by("word-save").addEventListener("click", doing(async () => {
    const reading = by("typed").value.trim();
    const scope = editor.querySelector("[name=scope]:checked").value;
    if (scope === "here") return act("read", { start: word.start, end: word.end, text: reading });
    await ask("teach", { slug, word: word.text, reading, everywhere: scope === "station" });
    editor.close();
    return refresh(line.number);
  }));
  by("typed").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    by("word-save").click();
  });

  // From the script to the editor
  const said = (ruby) => {
    // Where a word starts in what the line says: the text before it, without the pinyin.
    const range = document.createRange();
    range.selectNodeContents(ruby.closest(".t"));
    range.setEndBefore(ruby);
    const before = range.cloneContents();
    for (const each of before.querySelectorAll("rt, .n")) each.remove();
    return [...before.textContent].length;
  };
  addEventListener("click", doing(async (event) => {
    const row = event.target.closest(".line");
    if (!row || event.target.closest("a, label, .play, audio")) return;
    const ruby = event.target.closest(".s ruby");
    if (ruby) await open(row.id.slice(1), said(ruby));
    else if (event.target.closest(".edit")) await open(row.id.slice(1));
  }));
  addEventListener("keydown", doing(async (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !by("keys").checked) return;
    if (event.target.closest("dialog, form, input")) return;
    const key = event.key.toLowerCase();
    const row = event.target.closest(".line") ?? document.querySelector(".line:target");
    if (key === "e" && row) {
      event.preventDefault();
      await open(row.id.slice(1));
    } else if (key === "u") {
      await ask(event.shiftKey ? "redo" : "undo", { slug });
      await refresh(row?.id.slice(1));
    }
  }));
});
