// The text: which sentence and word are heard, and going to a sentence.
class Reading {
  #cues;
  #words = "highlights" in CSS ? new Highlight() : null;
  #mark = null; // the word itself, where the browser cannot highlight a range
  #at = -1;
  #word = -1;
  #stop = null;

  constructor(root, cues, hear) {
    const elements = document.querySelectorAll(".s");
    this.#cues = cues.map(([start, end, runs], index) => ({ start, end, runs, element: elements[index] }));
    if (this.#words) {
      CSS.highlights.set("word", this.#words);
      document.styleSheets[0].insertRule(MARKED);
    }
    const index = new Map(this.#cues.map((cue, at) => [cue.element, at]));
    const of = (target) => index.get(target.closest?.(".s"));
    for (const { element } of this.#cues) element.tabIndex = -1;
    const seen = ({ element }) => root.contains(element) && element.getClientRects().length;
    this.#rest(Math.max(this.#cues.findIndex(seen), 0));
    for (const part of [root, document.querySelector("h1")]) {
      part.addEventListener("click", (event) => {
        const at = of(event.target);
        if (at !== undefined && getSelection().isCollapsed) hear(this.#cues[at].start);
      });
      part.addEventListener("focusin", (event) => {
        const at = of(event.target);
        if (at !== undefined) this.#rest(at);
      });
      part.addEventListener("keydown", (event) => {
        const at = of(event.target);
        if (at === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        if (event.key === "Enter" || event.key === " ") hear(this.#cues[at].start);
        else if (!this.#step(at, event)) return;
        event.preventDefault();
      });
    }
  }

  // What is heard, where it can be seen: of a sentence that is folded away, the fold.
  get current() {
    const element = this.#cues[this.#at]?.element ?? null;
    return element?.closest("details:not([open])")?.querySelector("summary") ?? element;
  }

  // One sentence of them all is in the order of Tab, a button only while it is: so the text stays
  // plain text to a screen reader.
  #rest(at) {
    const element = this.#cues[at]?.element;
    if (!element?.getClientRects().length || element === this.#stop) return;
    const row = element.tagName === "TR";
    if (this.#stop) {
      this.#stop.tabIndex = -1;
      this.#stop.removeAttribute("role");
      this.#stop.removeAttribute("aria-describedby");
    }
    element.tabIndex = 0;
    if (!row) element.setAttribute("role", "button");
    element.setAttribute("aria-describedby", "hint");
    this.#stop = element;
  }

  // Arrows change the sentence for those who came by keyboard; after a click they scroll as ever.
  #step(at, event) {
    const to = at + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0);
    if (to === at || !event.target.matches(":focus-visible")) return false;
    const element = this.#cues[to]?.element;
    const fold = element?.closest("details");
    if (fold) fold.open = true;
    element?.focus();
    return true;
  }

  // Show what is heard at `ms`. True where another sentence has begun.
  show(ms) {
    const before = this.#at;
    let at = before;
    const cues = this.#cues;
    if (!(cues[at]?.start <= ms && !(cues[at + 1]?.start <= ms))) at = last(cues, (cue) => cue.start <= ms);
    if (at !== before) {
      this.#clear();
      cues[before]?.element.removeAttribute("aria-current");
      cues[at]?.element.setAttribute("aria-current", "true");
      this.#at = at;
      if (at >= 0 && this.#stop !== document.activeElement) this.#rest(at);
    }
    this.#showWord(ms);
    return at !== before;
  }

  #showWord(ms) {
    const cue = this.#cues[this.#at];
    if (!cue) return;
    const { runs } = cue;
    let found = -1;
    for (let run = 0; run < runs.length && cue.start + runs[run + 1] <= ms; run += 3) {
      if (runs[run + 2] > runs[run + 1]) found = run;
    }
    if (found >= 0 && ms >= cue.start + runs[found + 2] + LINGER) found = -1;
    if (found === this.#word) return;
    this.#clear();
    this.#word = found;
    if (found < 0) return;
    let from = 0;
    for (let run = 0; run < found; run += 3) from += runs[run];
    const range = within(cue.element, from, from + runs[found]);
    if (!range) return;
    if (this.#words) return void this.#words.add(range);
    try {
      this.#mark = document.createElement("span");
      this.#mark.className = "word";
      range.surroundContents(this.#mark);
    } catch {
      this.#mark = null; // across a passage in another language: the sentence is marked all the same
    }
  }

  #clear() {
    this.#word = -1;
    this.#words?.clear();
    if (!this.#mark) return;
    const parent = this.#mark.parentNode;
    this.#mark.replaceWith(...this.#mark.childNodes);
    parent?.normalize();
    this.#mark = null;
  }
}

const MARKED = `::highlight(word) {
  background-color: var(--word); color: var(--on-word, var(--ink)); text-decoration: underline 2px var(--accent);
}`;
const LINGER = 240; // ms: a word stays marked through the little gap before the next

// The last index whose item fulfils `test`, in a list where those that do come first; -1 for none.
const last = (list, test) => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(list[middle])) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// The characters from..to of an element's text.
const within = (element, from, to) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let started = false;
  for (let done = 0, node = walker.nextNode(); node; done += node.length, node = walker.nextNode()) {
    if (!started && from < done + node.length) {
      range.setStart(node, from - done);
      started = true;
    }
    if (started && to <= done + node.length) {
      range.setEnd(node, to - done);
      return range;
    }
  }
  return null;
};
