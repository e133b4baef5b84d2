// Points drawn with the pointer: the data become a table of one's own, which the address keeps.

class Pen {
  /**
   * @param {Client} client
   * @param {State} state
   * @param {() => Promise<void>} onChange builds the page anew
   */
  constructor(client, state, onChange) {
    this.client = client;
    this.state = state;
    this.onChange = onChange;
    /** What a click does: "" chooses the sample, "remove" takes it away, else a class or "point". */
    this.mode = "";
    /** @type {string[]} */
    this.classes = [];
    this.targets = 1;
    const plane = document.getElementById("answers");
    plane.addEventListener("click", (event) => this.click(event), true);
  }

  static get fileName() {
    return "points.csv";
  }

  /** @param {{ classes: string[] | null, targets: number }} data */
  take(data) {
    this.classes = data.classes ?? [];
    this.targets = data.targets;
    if (!this.modes.some(([mode]) => mode === this.mode)) this.mode = "";
  }

  /** What a click can do with data as these, each with its words; none where they are no plane. */
  get modes() {
    const inputs = this.state.features.length - this.state.settings.features.length;
    const isPlane = inputs === 2 && this.classes.length > 0;
    const isCurve = inputs === 1 && this.classes.length === 0 && this.targets === 1;
    if (this.state.settings.before || !(isPlane || isCurve)) return [];
    const kinds = isPlane ? this.classes.map((name) => [`class ${name}`, words.penClass(name)]) : [["point", words.penPoint]];
    return [["", words.penChoose], ...kinds, ["remove", words.penRemove]];
  }

  /** @param {MouseEvent} event */
  async click(event) {
    if (!this.mode) return;
    const area = document.querySelector("#answers [data-area]");
    const target = /** @type {Element} */ (event.target).closest("[data-name]");
    const sample = /^sample (\d+)$/.exec(target?.getAttribute("data-name") ?? "");
    if (!area || (this.mode === "remove" && !sample)) return;
    event.stopPropagation();
    const lines = await this.lines();
    if (!lines) return;
    if (this.mode === "remove") {
      if (lines.length > 3) lines.splice(Number(sample[1]), 1);
    } else {
      const [x, y] = Pen.place(event, area);
      lines.push(this.mode === "point" ? `${x},${y}` : `${x},${y},${this.mode.slice("class ".length)}`);
    }
    const column = lines[0].split(",").pop();
    this.state.settings.file = { name: Pen.fileName, text: lines.join("\n") + "\n", target: column };
    this.state.deeds = [];
    await this.onChange();
  }

  /** What the pointer points at, in the numbers of the axes, with three digits. */
  static place(event, area) {
    const box = area.getBoundingClientRect();
    const [left, foot, right, top] = area.getAttribute("data-area").split(" ").map(Number);
    const x = left + ((event.clientX - box.left) / box.width) * (right - left);
    const y = top + ((event.clientY - box.top) / box.height) * (foot - top);
    return [x, y].map((number) => Number(number.toPrecision(3)));
  }

  /** The present data as lines of a table, before features are added. */
  async lines() {
    const { file } = this.state.settings;
    if (file.name === Pen.fileName) return file.text.trim().split("\n");
    const answers = await this.client.askAside([
      ...this.state.putRequests(), { ask: "run", code: this.state.dataLines()[0] },
      { ask: "run", code: `write_csv d "${Pen.fileName}"` }, { ask: "take", path: Pen.fileName },
    ]);
    const base64 = answers?.[answers.length - 1].base64;
    return base64 ? atob(base64).trim().split("\n") : null;
  }
}
