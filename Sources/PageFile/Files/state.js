// What the page is set to. It is a script of bp: the settings write its first lines, and what is done
// afterwards its last ones. The address holds both.

/**
 * @typedef {{ epochs: number } | { text: string }} Deed a training that goes on, or a line
 * @typedef {object} Settings
 * @property {string} data
 * @property {Record<string, string>} dataSettings
 * @property {string[]} features further ones, as formulas of the first two
 * @property {number[]} hidden
 * @property {string[]} activations
 * @property {string} optimizer
 * @property {string} rate
 * @property {string} batch
 * @property {string} apart
 * @property {string} penalty
 * @property {string} seed
 * @property {string} notation
 * @property {{ name: string, line: string }} ownNotation one of the user's, and the line that makes it
 * @property {number} sample
 * @property {{ name: string, text: string, target: string }} file a table in place of data of bp
 * @property {string} before lines that stand in place of data and net
 */

/** Features that can be added, by the formula that makes them. */
const furtherFeatures = { "x1^2": "x1_2", "x2^2": "x2_2", "x1*x2": "x1x2", "sin(x1)": "sin_x1", "sin(x2)": "sin_x2" };

/** @returns {Settings} */
function standardSettings() {
  return {
    data: "circles", dataSettings: {}, features: [], hidden: [4], activations: ["tanh"],
    optimizer: "sgd", rate: "0.1", batch: "10", apart: "0", penalty: "0", seed: "1",
    notation: "mazur", ownNotation: { name: "", line: "" }, sample: 1, file: { name: "", text: "", target: "" }, before: "",
  };
}

class State {
  constructor() {
    this.settings = standardSettings();
    /** @type {Deed[]} */
    this.deeds = [];
    /** The output layer, which the data ask for: units and activation. */
    this.output = { units: 1, activation: "sigmoid" };
    this.features = ["x1", "x2"];
  }

  /** A name or number of a setting, and nothing that could be more than that. */
  static word(text) {
    const plain = String(text).trim();
    return /^[\w.+-]*(\([\w.,= +-]*\))?$/.test(plain) ? plain : "0";
  }

  /** Whether a line does nothing but choose symbols of one's own. */
  static makesNotation(line) {
    return /^\s*notation\s*\[[^\n;]*\]\s*$/.test(line);
  }

  static fileName(text) {
    return text.replace(/[^\w.-]/g, "_");
  }

  dataLines() {
    const { data, dataSettings, features } = this.settings;
    const given = Object.entries(dataSettings)
      .map(([name, value]) => ` ${State.word(name)}=${State.word(value)}`).join("");
    const lines = [this.settings.file.name ? this.fileLine() : `d = ${State.word(data)}${given}`];
    for (const formula of features) {
      const name = furtherFeatures[formula];
      if (name) lines.push(`d = derive d "${name}" ((x1, x2) -> ${formula})`);
    }
    return lines;
  }

  /** What makes the inputs of the net of two numbers, where features were added. */
  get featureFunction() {
    const { features } = this.settings;
    const isOwn = this.features[0] === "x1" && this.features.length === 2 + features.length;
    return features.length > 0 && isOwn ? `((x1, x2) -> [x1, x2, ${features.join(", ")}])` : "";
  }

  fileLine() {
    const { name, target } = this.settings.file;
    return `d = csv "${name}"${target ? ` target=${JSON.stringify(target)}` : ""} quiet=true`;
  }

  netLine() {
    const { hidden, activations, seed } = this.settings;
    const sizes = [this.features.length, ...hidden, this.output.units].join(", ");
    const functions = [...hidden.map((_, layer) => State.word(activations[layer] ?? "tanh")), this.output.activation];
    return `net = mlp [${sizes}] ${functions.join(" ")} seed=${State.word(seed)}`;
  }

  /** The options of a training, and of a step where `isStep`. */
  options(isStep = false) {
    const { optimizer, rate, batch, apart, penalty } = this.settings;
    let text = ` optimizer=${State.word(optimizer)} lr=${State.word(rate)}`;
    if (Number(penalty) > 0) text += ` l2=${State.word(penalty)}`;
    if (isStep) return text;
    text += ` batch=${State.word(batch)}`;
    if (Number(apart) > 0) text += ` valid=${State.word(apart)}`;
    return text;
  }

  trainLine(epochs, goesOn = false) {
    return `run = train net d epochs=${epochs}${this.options()}${goesOn ? " resume=run" : ""} quiet=true`;
  }

  /** The line that chooses the symbols; none for the first of the list. */
  notationLines() {
    const { notation, ownNotation } = this.settings;
    if (notation === "mazur") return [];
    return [ownNotation.line && notation === ownNotation.name ? ownNotation.line : `notation ${State.word(notation)}`];
  }

  /** The requests that bring the table of one's own, if there is one. */
  putRequests() {
    const { name, text } = this.settings.file;
    return name ? [{ ask: "put", path: name, text }] : [];
  }

  /** Lines that make data and net. */
  beginning() {
    const { before } = this.settings;
    const first = this.notationLines();
    return before ? [...first, before] : [...first, ...this.dataLines(), this.netLine()];
  }

  deedLines() {
    return this.deeds.map((deed) => ("epochs" in deed ? this.trainLine(deed.epochs) : deed.text));
  }

  /** The lines of the page up to an epoch of its last training. */
  linesUntil(epoch) {
    const last = this.deeds.map((deed) => "epochs" in deed).lastIndexOf(true);
    const before = last < 0 ? this.deedLines() : this.deedLines().slice(0, last);
    const training = last < 0 || epoch < 1 ? [] : [this.trainLine(epoch)];
    return [...this.beginning(), ...before, ...training];
  }

  script() {
    return [...this.beginning(), ...this.deedLines()].join("\n") + "\n";
  }

  /** Epochs of the training that would go on; 0 where another deed was the last. */
  get epochs() {
    const last = this.deeds[this.deeds.length - 1];
    return last && "epochs" in last ? last.epochs : 0;
  }

  // The address

  static get mostLetters() {
    return 200000;
  }

  encoded() {
    const bytes = new TextEncoder().encode(JSON.stringify({ v: 1, s: this.settings, d: this.deeds }));
    let letters = "";
    for (const byte of bytes) letters += String.fromCharCode(byte);
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  /**
   * Takes the settings of an address; what is not as it should be is left at its standard.
   * @returns {boolean} whether they could be read
   */
  decode(text) {
    try {
      const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
      const read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      if (read.v !== 1 || typeof read.s !== "object" || !Array.isArray(read.d)) return false;
      const settings = standardSettings();
      for (const name of Object.keys(settings)) {
        const value = read.s[name];
        if (value === undefined) continue;
        if (typeof value !== typeof settings[name] || Array.isArray(value) !== Array.isArray(settings[name])) return false;
        settings[name] = value;
      }
      settings.hidden = settings.hidden.slice(0, 6).map((units) => Math.min(Math.max(Math.trunc(Number(units)) || 1, 1), 32));
      settings.activations = settings.activations.map(String);
      const { name, text: table, target } = settings.file;
      settings.file = { name: State.fileName(String(name)), text: String(table), target: String(target) };
      const own = settings.ownNotation;
      settings.ownNotation = { name: String(own.name), line: State.makesNotation(String(own.line)) ? String(own.line) : "" };
      settings.features = settings.features.filter((formula) => Object.hasOwn(furtherFeatures, formula));
      settings.sample = Math.max(Math.trunc(Number(settings.sample)) || 1, 1);
      const deeds = [];
      for (const deed of read.d.slice(0, 500)) {
        if (Number.isInteger(deed?.epochs) && deed.epochs > 0 && deed.epochs <= 100000) deeds.push({ epochs: deed.epochs });
        else if (typeof deed?.text === "string") deeds.push({ text: deed.text });
        else return false;
      }
      this.settings = settings;
      this.deeds = deeds;
      return true;
    } catch {
      return false;
    }
  }
}

/** The net of the worked example that three of the lectures follow. */
const mazurNet = `d = mazur
net = mlp [2,2,2] sigmoid loss=half_sse
net.W1 = [[.15, .20], [.25, .30]]; net.b1 = [.35, .35]
net.W2 = [[.40, .45], [.50, .55]]; net.b2 = [.60, .60]`;

/** Settings of worked examples, whose net is written by hand. */
const worked = { rate: "0.5", batch: "full" };

/** Nets to play with, and the worked examples of the five lectures. */
const examples = [
  { name: "circles", settings: {} },
  { name: "moons, two hidden layers", settings: { data: "moons", hidden: [6, 4], activations: ["tanh", "tanh"], rate: "0.3" } },
  {
    name: "spirals",
    settings: { data: "spirals", hidden: [16, 8], activations: ["tanh", "tanh"], optimizer: "adam", rate: "0.01" },
  },
  { name: "three classes", settings: { data: "blobs", hidden: [4] } },
  { name: "XOR", settings: { data: "xor", hidden: [3], rate: "0.5", batch: "4" } },
  { name: "sine, a curve", settings: { data: "sine", hidden: [8], rate: "0.1" } },
  { name: "Cazenave: two inputs, two hidden, two outputs", key: "cazenave", settings: { ...worked, before: mazurNet } },
  { name: "CENG 506: the same net by δ", key: "ceng506", settings: { ...worked, notation: "ng", before: mazurNet } },
  {
    name: "Goebels: rain",
    key: "goebels",
    settings: {
      ...worked, notation: "goebels",
      before: `d = rain
net = mlp [2,3,1] sigmoid bias=false loss=half_sse reduction=sum
net.W1 = [[0.2, -0.4, 0.1], [0.5, 0.3, -0.6]]'; net.W2 = [[0.3], [-0.2], [0.7]]'`,
    },
  },
  {
    name: "Vitay: two rings",
    key: "vitay",
    settings: { notation: "vitay", rate: "0.3", before: "d = circles\nnet = mlp [2,8,2,1] tanh sigmoid seed=2" },
  },
  {
    name: "Llano: the bias as a weight",
    key: "llano",
    settings: {
      ...worked, notation: "upc",
      before: mazurNet.replace("mazur", "data [[.05, .10]] [[.01, .99]]"),
    },
  },
];
