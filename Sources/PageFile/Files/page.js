// Puts the parts together.

const byId = (id) => /** @type {any} */ (document.getElementById(id));

class PlayPage {
  constructor() {
    this.client = new Client();
    this.state = new State();
    this.isRunning = false;
    /** The step of a batch or sample that comes next. */
    this.nextRow = 1;
    this.rows = 0;
    this.frames = [];
    this.why = new Why(this.client, this.state, (text) => this.runLine(text));
    this.views = new Views((name, element, isKept) => this.point(name, element, isKept));
    this.why.views = this.views;
    this.pen = new Pen(this.client, this.state, () => this.rebuild());
    this.panel = new SettingsPanel(this.state, this.pen, () => this.rebuild(), (file) => this.takeFile(file));
    this.prompt = new Prompt(this.client, (text) => this.runLine(text));
    this.client.onBusy = (isBusy) => this.showBusy(isBusy);
  }

  get theme() {
    return document.documentElement.classList.contains("dark") ? "dark" : "light";
  }

  say(text, isBad = false) {
    const place = byId("status");
    place.textContent = text;
    place.classList.toggle("bad", isBad);
  }

  async start() {
    this.chooseTheme(matchMedia("(prefers-color-scheme: dark)").matches);
    fillWords();
    this.say(words.starting);
    try {
      await this.client.start();
    } catch (error) {
      return this.say(words.engineMissing + error.message, true);
    }
    this.panel.choices = await this.client.ask({ ask: "choices" });
    this.fillChoices();
    this.wire();
    this.say("");
    await this.readAddress();
    document.body.dataset.ready = "true";
    return undefined;
  }

  // What the address or the page itself opens with

  async readAddress() {
    const script = JSON.parse(document.getElementById("script").textContent);
    const hash = location.hash.slice(1);
    let problem = "";
    if (hash.length > State.mostLetters) problem = words.linkTooLong;
    else if (hash.startsWith("state=")) problem = this.state.decode(hash.slice(6)) ? "" : words.linkBroken;
    else if (hash.startsWith("example=")) this.takeExample(examples.find((one) => one.key === hash.slice(8)));
    if (script && (await new Task(this.client, script.text).open())) document.title = script.name;
    else if (script && !hash) this.state.deeds.push({ text: script.text.trimEnd() });
    if (!problem && hash.startsWith("run=")) {
      try {
        this.state.deeds.push({ text: decodeURIComponent(hash.slice(4)) });
      } catch {
        problem = words.linkBroken;
      }
    }
    await this.rebuild();
    if (problem) this.say(problem, true);
  }

  takeExample(example) {
    if (!example) return;
    this.state.settings = { ...standardSettings(), ...structuredClone(example.settings) };
    this.state.deeds = [];
  }

  // Building and training

  /** Runs the whole script of the page in a session that begins anew. */
  async rebuild() {
    this.isRunning = false;
    this.prompt.clear();
    this.nextRow = 1;
    const { notation, before } = this.state.settings;
    const put = this.state.putRequests();
    if (!before) {
      // What the net must look like, the data say.
      const answers = await this.client.askAll(
        [...put, { ask: "run", code: this.state.dataLines().join("\n") }], true);
      if (!answers) return;
      this.takeData(answers[put.length]);
    }
    const lines = [...this.state.beginning(), ...this.state.deedLines()];
    const requests = lines.map((code) => ({ ask: "run", code, theme: this.theme }));
    const all = await this.client.askAll([...put, ...requests], true);
    if (!all) return;
    const answers = all.slice(put.length);
    answers.forEach((answer, index) => this.prompt.show(lines[index], answer.outputs ?? [{ kind: "error", text: answer.error }]));
    const last = answers[answers.length - 1];
    if (last) this.takeData(last);
    this.fillNotations();
    byId("notation").value = notation;
    this.panel.show();
    await this.refresh();
    this.writeAddress();
  }

  takeData(answer) {
    const data = answer.names?.find((one) => one.name === "d" && one.features);
    if (!data) return;
    this.rows = data.rows;
    this.state.features = data.features;
    const classes = data.classes;
    const units = data.targets;
    this.pen.take(data);
    this.state.output = { units, activation: !classes ? "linear" : units > 1 ? "softmax" : "sigmoid" };
    byId("sample").max = String(data.rows);
    if (this.state.settings.sample > data.rows) this.state.settings.sample = 1;
    byId("sample").value = String(this.state.settings.sample);
  }

  /** One training of so many epochs more, and pictures of what came of it. */
  async train(more, isStill) {
    const { state } = this;
    const goesOn = state.epochs > 0;
    const epochs = state.epochs + more;
    const requests = [
      { ask: "run", code: state.trainLine(epochs, goesOn) }, { ask: "run", code: "print run.epochs, run.loss" },
      ...Views.requests(state, this.theme, true),
    ];
    const answers = await this.client.askAll(requests);
    if (!answers) return false;
    const failed = answers[0].status !== 0;
    if (failed) {
      this.prompt.show(state.trainLine(epochs, goesOn), answers[0].outputs);
      this.say(answers[0].error ?? answers[0].outputs?.[0]?.text ?? "", true);
      return false;
    }
    if (goesOn) state.deeds[state.deeds.length - 1] = { epochs };
    else state.deeds.push({ epochs });
    this.showProgress(answers[1]);
    this.views.show(answers.slice(2), isStill);
    return true;
  }

  showProgress(answer) {
    const text = answer.outputs?.[0]?.text.trim() ?? "";
    const [epochs, loss] = text.split(" ");
    byId("progress").textContent = loss ? words.after(epochs, loss) : "";
  }

  async run() {
    this.isRunning = !this.isRunning;
    byId("run").textContent = this.isRunning ? words.pause : words.run;
    if (!this.isRunning) return;
    this.say("");
    while (this.isRunning) {
      const goesWell = await this.train(Number(byId("speed").value), false);
      if (!goesWell) this.isRunning = false;
      await new Promise((done) => requestAnimationFrame(done));
    }
    byId("run").textContent = words.run;
    await this.settle();
  }

  /** After trainings: the line that did it, the cards and the address follow. */
  async settle() {
    if (this.state.epochs > 0) this.prompt.show(this.state.trainLine(this.state.epochs), []);
    await this.refresh();
    this.writeAddress();
  }

  async pause() {
    if (!this.isRunning) return;
    this.isRunning = false;
    await this.client.ask({ ask: "names" });
  }

  /** Runs a line that a click or the prompt gives; it belongs to the page from then on. */
  async runLine(text) {
    await this.pause();
    const answer = await this.client.ask({ ask: "run", code: text, theme: this.theme });
    this.prompt.show(text, answer.outputs ?? [{ kind: "error", text: answer.error ?? "" }]);
    if (answer.isNew) {
      await this.rebuild();
      return answer;
    }
    if (answer.status === 0) {
      if (State.makesNotation(text)) this.takeNotation(answer.notation, text.trim());
      else this.state.deeds.push({ text });
      this.takeData(answer);
    }
    await this.refresh();
    this.writeAddress();
    return answer;
  }

  async refresh() {
    const { names } = await this.client.ask({ ask: "names" });
    const has = (name) => names?.some((one) => one.name === name);
    const answers = await this.client.askAll([
      ...Views.requests(this.state, this.theme, has("run")),
      ...(has("run") ? [{ ask: "run", code: "print run.epochs, run.loss" }] : []),
    ]);
    if (!answers) return;
    this.views.show(answers.slice(0, has("run") ? 3 : 2), true);
    this.showProgress(has("run") ? answers[3] : {});
    await this.why.refresh();
  }

  /** Symbols of one's own stand in the list from then on. */
  takeNotation(name, line) {
    Object.assign(this.state.settings, { notation: name, ownNotation: { name, line } });
    this.fillNotations();
    byId("notation").value = name;
  }

  fillNotations() {
    const names = this.panel.choices.notation.map((one) => one.name);
    const own = this.state.settings.ownNotation.name;
    byId("notation").replaceChildren(...(own && !names.includes(own) ? [...names, own] : names).map((name) => new Option(name, name)));
  }

  /** Makes a step on some rows. */
  stepOn(rows) {
    return this.runLine(`descend net d[${rows}]${this.state.options(true)}`);
  }

  point(name, element, isKept) {
    const sample = /^sample (\d+)$/.exec(name);
    if (sample) {
      if (isKept) this.chooseSample(Number(sample[1]));
      else this.say(element.getAttribute("aria-label"));
      return;
    }
    if (!this.isRunning) this.why.point(name, element.getAttribute("aria-label"), isKept);
  }

  async chooseSample(number) {
    if (!Number.isInteger(number) || number < 1 || number > this.rows) return;
    this.state.settings.sample = number;
    byId("sample").value = String(number);
    await this.refresh();
    this.writeAddress();
  }

  writeAddress() {
    history.replaceState(null, "", `#state=${this.state.encoded()}`);
  }

  showBusy(isBusy) {
    const place = byId("status");
    if (!isBusy) {
      if (place.querySelector("button")) this.say("");
      return;
    }
    const button = document.createElement("button");
    button.textContent = words.stop;
    button.onclick = () => this.stop();
    place.replaceChildren(button);
  }

  /** Ends what runs without an end; the page goes back to where it was. */
  async stop() {
    this.isRunning = false;
    // What the page opened with runs without an end: it is not begun again.
    if (!document.body.dataset.ready) {
      this.state.deeds = [];
      this.state.settings = standardSettings();
    }
    await this.client.restart();
    await this.rebuild();
    this.say(words.stopped);
  }

  // Settings

  fillChoices() {
    const fill = (id, names) => byId(id).replaceChildren(...names.map(([value, text]) => new Option(text ?? value, value)));
    fill("example", [["", "…"], ...examples.map((one, index) => [String(index), one.name])]);
    this.fillNotations();
    fill("speed", [["1"], ["5"], ["20"], ["100"]]);
    fill("export", [["", words.saveChoice], ["bp"], ["onnx"], ["safetensors"], ["svg"], ["png"], ["tex", "TikZ"]]);
  }

  wire() {
    byId("run").onclick = () => this.run();
    byId("epoch").onclick = async () => {
      await this.pause();
      if (await this.train(1, true)) await this.settle();
    };
    byId("sample-step").onclick = () => this.stepOn(this.state.settings.sample);
    byId("batch-step").onclick = async () => {
      const size = this.state.settings.batch === "full" ? this.rows : Number(this.state.settings.batch) || 1;
      const first = this.nextRow > this.rows ? 1 : this.nextRow;
      const last = Math.min(first + size - 1, this.rows);
      this.nextRow = last + 1;
      await this.stepOn(`${first}..${last}`);
    };
    byId("back").onclick = async () => {
      const last = this.state.deeds.pop();
      if (last && "epochs" in last && last.epochs > 1) this.state.deeds.push({ epochs: last.epochs - 1 });
      await this.rebuild();
    };
    byId("again").onclick = async () => {
      this.state.deeds = [];
      await this.rebuild();
    };
    byId("theme").onclick = async () => {
      this.chooseTheme(this.theme === "light");
      await this.refresh();
    };
    byId("share").onclick = async () => {
      this.writeAddress();
      try {
        await navigator.clipboard.writeText(location.href);
        this.say(words.copied);
      } catch {
        this.say(words.linkInField);
      }
    };
    byId("sample").onchange = () => this.chooseSample(Number(byId("sample").value));
    byId("notation").onchange = () => {
      this.state.settings.notation = byId("notation").value;
      this.rebuild();
    };
    byId("example").onchange = async () => {
      this.takeExample(examples[Number(byId("example").value)]);
      await this.rebuild();
    };
    byId("export").onchange = async () => {
      const ending = byId("export").value;
      byId("export").value = "";
      if (ending) await this.save(ending);
    };
    window.onhashchange = async () => {
      if (location.hash.slice(1) !== `state=${this.state.encoded()}`) location.reload();
    };
    for (const kind of ["dragover", "drop"]) {
      document.addEventListener(kind, (event) => {
        event.preventDefault();
        if (kind === "drop") this.takeFile(/** @type {DragEvent} */ (event).dataTransfer.files[0]);
      });
    }
  }

  chooseTheme(isDark) {
    document.documentElement.classList.toggle("dark", isDark);
  }

  /** A table that was dropped or chosen becomes the data; the last column is what is predicted. */
  async takeFile(file) {
    if (!file) return undefined;
    const name = State.fileName(file.name);
    const text = await file.text();
    await this.client.ask({ ask: "put", path: name, text });
    const read = await this.client.ask({ ask: "run", code: `table = csv "${name}"` });
    const table = read.names?.find((one) => one.name === "table" && one.features);
    if (!table) return this.say(read.outputs?.map((one) => one.text).join("") ?? read.error, true);
    const target = table.targets > 0 ? "" : table.features[table.features.length - 1];
    Object.assign(this.state.settings, { file: { name, text, target }, features: [], before: "", sample: 1 });
    this.state.deeds = [];
    return this.rebuild();
  }

  async save(ending) {
    let bytes;
    const name = `net.${ending}`;
    if (ending === "bp") bytes = new TextEncoder().encode(this.state.script());
    else {
      const code = ending === "onnx" || ending === "safetensors" ? `save net "${name}"` : `show net d[${this.state.settings.sample}] view=net to="${name}"`;
      const answer = await this.client.ask({ ask: "run", code });
      this.prompt.show(code, answer.outputs);
      const { base64 } = await this.client.ask({ ask: "take", path: name });
      if (!base64) return;
      bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

/** Called at the end of the page, when the engine is in it. */
function begin() {
  const page = new PlayPage();
  /** @type {any} */ (window).page = page;
  page.start();
}
