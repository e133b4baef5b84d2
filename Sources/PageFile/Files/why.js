// Explanations: of what is pointed at, and rule by rule.

class Why {
  /**
   * @param {Client} client
   * @param {State} state
   * @param {(text: string) => Promise<any>} onLine runs a line of bp that changes something
   */
  constructor(client, state, onLine) {
    this.client = client;
    this.state = state;
    this.onLine = onLine;
    /** Names with a card that stays. */
    this.kept = [];
    this.hovered = "";
    this.rows = [];
    this.place = 0;
    /** @type {Views | undefined} */
    this.views = undefined;
    this.turn = 0;
    this.timer = 0;
    document.getElementById("step-next").onclick = () => this.step(1);
    document.getElementById("step-back").onclick = () => this.step(-1);
    document.getElementById("step-first").onclick = () => this.step(-Infinity);
  }

  /** The line that derives what a name stands for, and which of its rows are about it. */
  question(name) {
    const { sample } = this.state.settings;
    if (/^[Wb]\d+\[/.test(name)) {
      return { code: `explain net d "${name}" sample=${sample} factors=all`, about: null };
    }
    return { code: this.stepLine(), about: name };
  }

  stepLine() {
    return `explain net d sample=${this.state.settings.sample}${this.state.options(true)} factors=all`;
  }

  request(code) {
    return { ask: "derive", code, net: "net", sample: this.state.settings.sample };
  }

  /** Shows the card of what is pointed at, after a moment. */
  point(name, description, isKept) {
    clearTimeout(this.timer);
    if (isKept) {
      const at = this.kept.findIndex((card) => card.name === name);
      if (at >= 0) this.kept.splice(at, 1);
      else this.kept = [...this.kept.slice(-1), { name, description }];
      this.hovered = "";
      return this.refreshCards();
    }
    if (this.kept.some((card) => card.name === name)) return undefined;
    this.timer = setTimeout(() => {
      this.hovered = name;
      this.showCard(document.getElementById("hovered"), { name, description }, false);
    }, 120);
    return undefined;
  }

  async refreshCards() {
    document.getElementById("hovered").hidden = true;
    const box = document.getElementById("pinned");
    box.replaceChildren();
    for (const card of this.kept) {
      const element = Why.card(card.description || card.name);
      box.append(element);
      await this.showCard(element, card, true);
    }
    document.getElementById("why-hint").hidden = this.kept.length > 0;
  }

  async showCard(element, { name, description }, isKept) {
    const turn = ++this.turn;
    const { code, about } = this.question(name);
    let rows = [];
    const epoch = /^epoch (\d+)$/.exec(name);
    const answer = epoch ? await this.earlier(Number(epoch[1]), code) : await this.client.ask(this.request(code));
    if (!isKept && turn !== this.turn) return;
    rows = answer.rows ?? [];
    if (about) {
      const own = epoch ? ["loss"] : Why.quantities(about);
      rows = rows.filter((row) => row.kind === "equation" && own.includes(row.about));
    }
    element.hidden = false;
    element.replaceChildren();
    const title = document.createElement("h3");
    title.textContent = description || name;
    element.append(title);
    if (answer.error) element.append(Why.paragraph(answer.error));
    if (epoch && rows.length > 0) element.append(Why.paragraph(words.lossOfEpoch));
    for (const row of rows) element.append(Why.element(row));
    if (this.views) this.views.light(rows.flatMap((row) => [row.about, ...(row.uses ?? [])]).filter(Boolean));
    if (isKept) await this.addTools(element, name);
  }

  /** What a line derives of the net as it was after an epoch: trained that far again, aside. */
  async earlier(epoch, code) {
    const put = this.state.putRequests();
    const lines = this.state.linesUntil(epoch);
    const requests = [...put, ...lines.map((line) => ({ ask: "run", code: line })), this.request(code)];
    const answers = await this.client.askAside(requests);
    return answers?.[answers.length - 1] ?? { error: words.stopped };
  }

  /** What is known of the part of the drawing: of a unit its net input, output and δ. */
  static quantities(name) {
    const unit = /^a(\d+)(\[.*)$/.exec(name);
    if (!unit) return [name];
    return ["z", "a", "delta", "slope a"].map((letter) => `${letter}${unit[1]}${unit[2]}`);
  }

  /** A card, which can be scrolled with the keyboard where its formulas are wide. */
  static card(name) {
    const element = document.createElement("div");
    element.className = "card";
    element.tabIndex = 0;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", name);
    return element;
  }

  static paragraph(text) {
    const element = document.createElement("p");
    element.textContent = text;
    return element;
  }

  static element(row) {
    const element = document.createElement(row.kind === "heading" ? "h4" : row.kind === "table" ? "div" : "p");
    // The engine's own setting: texts are escaped there.
    element.innerHTML = row.html;
    if (row.text) element.title = row.text;
    return element;
  }

  /** The line that changes the number of a card; of an output, its target. */
  changeLine(name, isOutput, value) {
    const at = this.state.settings.sample;
    const place = /\[(.*)\]/.exec(name)[1];
    if (name.startsWith("x")) return `x = d.x; x[${at},${place}] = ${value}; d = data x d.t`;
    if (isOutput) return `t = d.t; t[${at},${place}] = ${value}; d = data d.x t`;
    return `net.${name} = ${value}`;
  }

  async addTools(element, name) {
    const row = document.createElement("div");
    row.className = "row";
    const button = (text, action) => {
      const made = document.createElement("button");
      made.textContent = text;
      made.onclick = action;
      row.append(made);
    };
    const { sizes } = await this.client.ask({ ask: "net", net: "net" });
    const isOutput = sizes && name.startsWith(`a${sizes.length - 1}[`);
    if (/^[Wbx]\d*\[/.test(name) || isOutput) {
      const label = document.createElement("label");
      const field = document.createElement("input");
      label.append(`${isOutput ? words.changeTarget : words.change} `, field);
      field.size = 10;
      field.inputMode = "decimal";
      row.append(label);
      const change = () => {
        const value = field.value.trim();
        if (!/^[-+.\deE]+$/.test(value)) return;
        this.onLine(this.changeLine(name, isOutput, value));
      };
      field.onkeydown = (event) => {
        if (event.key === "Enter") change();
      };
      button(words.set, change);
    }
    if (/^[Wb]\d+\[/.test(name)) {
      button(words.mistakes, async () => {
        const answer = await this.client.ask({ ask: "run", code: `misconceptions net d[${this.state.settings.sample}] "${name}"` });
        const place = document.createElement("div");
        for (const output of answer.outputs ?? []) {
          if (output.html) place.innerHTML += output.html;
          else place.append(Why.paragraph(output.text));
        }
        element.append(place);
      });
    }
    button(words.close, () => this.point(name, "", true));
    element.append(row);
  }

  // Rule by rule

  async step(change) {
    if (this.rows.length === 0) await this.loadSteps();
    if (this.rows.length === 0) return;
    this.place = Math.min(Math.max(this.place + change, 0), this.rows.length);
    if (change === -Infinity) this.place = 1;
    this.showSteps();
  }

  async loadSteps() {
    const answer = await this.client.ask(this.request(this.stepLine()));
    const box = document.getElementById("steps");
    if (!answer.rows) {
      box.replaceChildren(Why.paragraph(answer.error ?? words.nothingToExplain));
      return;
    }
    this.rows = [];
    let heading = null;
    for (const row of answer.rows) {
      if (row.kind === "heading" || row.kind === "title") heading = row;
      else if (row.kind === "equation") this.rows.push({ row, heading });
    }
  }

  showSteps() {
    const box = document.getElementById("steps");
    box.replaceChildren();
    document.getElementById("step-place").textContent = this.place ? words.step(this.place, this.rows.length) : "";
    if (this.place === 0) return this.views?.light([]);
    const now = this.rows[this.place - 1];
    // The two rules before it stay in sight.
    for (const { row, heading } of this.rows.slice(Math.max(this.place - 3, 0), this.place)) {
      const card = Why.card(row.text);
      card.classList.toggle("now", row === now.row);
      if (heading) card.append(Why.element({ ...heading, kind: "heading" }));
      card.append(Why.element(row));
      box.append(card);
    }
    return this.views?.light([now.row.about, ...(now.row.uses ?? [])].filter(Boolean));
  }

  /** After a change: what is kept is explained anew. */
  async refresh() {
    const steps = this.place;
    this.rows = [];
    if (steps > 0) {
      await this.loadSteps();
      this.place = Math.min(steps, this.rows.length);
      this.showSteps();
    }
    if (this.kept.length > 0) await this.refreshCards();
    else document.getElementById("hovered").hidden = true;
  }
}
