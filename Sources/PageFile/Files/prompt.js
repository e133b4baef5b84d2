// The prompt: lines of bp, and what they write, show and draw.

class Prompt {
  /**
   * @param {Client} client
   * @param {(text: string) => Promise<Answer>} run
   */
  constructor(client, run) {
    this.client = client;
    this.run = run;
    this.transcript = document.getElementById("transcript");
    this.entry = /** @type {HTMLTextAreaElement} */ (document.getElementById("entry"));
    this.list = document.getElementById("candidates");
    this.history = [];
    this.at = 0;
    this.entry.onkeydown = (event) => this.key(event);
    this.entry.oninput = () => this.fit();
    document.getElementById("enter").onclick = () => this.enter();
  }

  fit() {
    this.entry.rows = Math.min(this.entry.value.split("\n").length, 12);
    this.list.hidden = true;
  }

  async key(event) {
    if (event.key === "Tab" && !event.shiftKey && this.entry.value.trim()) {
      event.preventDefault();
      await this.complete();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      await this.enter();
    } else if (event.key === "F1") {
      event.preventDefault();
      await this.explain();
    } else if (event.key === "Escape") {
      this.list.hidden = true;
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !this.entry.value.includes("\n")) {
      const at = this.at + (event.key === "ArrowUp" ? -1 : 1);
      if (at < 0 || at > this.history.length) return;
      event.preventDefault();
      this.at = at;
      this.entry.value = this.history[at] ?? "";
    }
  }

  async enter() {
    const text = this.entry.value;
    if (!text.trim()) return;
    const { complete } = await this.client.ask({ ask: "state", code: text });
    if (complete === false && !text.endsWith("\n")) {
      this.entry.value += "\n";
      this.fit();
      return;
    }
    this.history.push(text);
    this.at = this.history.length;
    this.entry.value = "";
    this.fit();
    await this.run(text.trimEnd());
  }

  /** The help on the name at the cursor. */
  async explain() {
    const { value, selectionStart } = this.entry;
    const { text } = await this.client.ask({ ask: "inspect", code: value, cursor: selectionStart });
    if (text) this.show("", [{ kind: "note", text }]);
  }

  async complete() {
    const { value, selectionStart } = this.entry;
    const { start, candidates } = await this.client.ask({ ask: "complete", code: value, cursor: selectionStart });
    if (!candidates || this.entry.value !== value) return;
    const texts = candidates.map((candidate) => candidate.text);
    const shared = texts.reduce((common, text) => {
      let length = 0;
      while (length < common.length && common[length] === text[length]) length++;
      return common.slice(0, length);
    }, texts[0] ?? "");
    const typed = value.slice(start, selectionStart);
    if (texts.length === 1) this.insert(start, selectionStart, texts[0] + candidates[0].suffix);
    else if (shared.length > typed.length) this.insert(start, selectionStart, shared);
    this.list.replaceChildren(...candidates.slice(0, 60).map((candidate) => {
      const item = document.createElement("li");
      item.textContent = candidate.display;
      return item;
    }));
    this.list.hidden = texts.length < 2;
  }

  insert(start, end, text) {
    this.entry.setRangeText(text, start, end, "end");
  }

  /** Writes a line as it was run, and what came of it. */
  show(line, outputs) {
    const add = (className, text) => {
      const element = document.createElement("pre");
      element.className = className;
      element.textContent = text;
      this.transcript.append(element);
    };
    if (line) add("line", line.split("\n").map((part) => `bp> ${part}`).join("\n"));
    for (const output of outputs ?? []) {
      if (output.html || output.svg) {
        const element = document.createElement("div");
        // The engine's own setting and drawing: texts are escaped there.
        element.innerHTML = (output.html ?? "") + (output.svg ?? "");
        const picture = element.querySelector("svg");
        picture?.setAttribute("role", "img");
        picture?.setAttribute("aria-label", output.text.split("\n")[0]);
        this.transcript.append(element);
      } else add(output.kind, output.text.replace(/\n$/, ""));
    }
    while (this.transcript.childElementCount > 400) this.transcript.firstElementChild.remove();
    this.transcript.scrollTop = this.transcript.scrollHeight;
  }

  clear() {
    this.transcript.replaceChildren();
  }
}
