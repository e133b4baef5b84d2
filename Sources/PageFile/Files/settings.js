// The controls of data, layers and learning.

class SettingsPanel {
  /**
   * @param {State} state
   * @param {Pen} pen
   * @param {() => Promise<void>} onChange builds the page anew
   * @param {(file: File) => Promise<void>} onFile takes a table
   */
  constructor(state, pen, onChange, onFile) {
    this.state = state;
    this.pen = pen;
    this.onChange = onChange;
    this.onFile = onFile;
    /** @type {Record<string, any[]>} what the catalog offers */
    this.choices = {};
  }

  /** The controls of data, layers and learning, as the catalog and the state have them. */
  show() {
    const { settings } = this.state;
    const box = document.getElementById("settings");
    box.replaceChildren();
    const group = (title) => {
      const made = document.createElement("fieldset");
      const legend = document.createElement("legend");
      legend.textContent = title;
      made.append(legend);
      box.append(made);
      return made;
    };
    const labelled = (parent, text, field, title = "") => {
      const label = document.createElement("label");
      label.title = title;
      label.append(`${text} `, field);
      parent.append(label);
    };
    const changed = () => {
      this.state.deeds = [];
      return this.onChange();
    };
    const choice = (parent, text, names, value, change) => {
      const field = document.createElement("select");
      field.append(...names.map((name) => new Option(name, name)));
      field.value = value;
      field.onchange = () => {
        change(field.value);
        changed();
      };
      labelled(parent, text, field);
    };
    const number = (parent, text, value, change, title = "") => {
      const field = document.createElement("input");
      field.value = value;
      field.size = 5;
      field.inputMode = "decimal";
      field.onchange = () => {
        change(State.word(field.value));
        changed();
      };
      labelled(parent, text, field, title);
    };
    if (!settings.before) {
      const data = group(words.data);
      const own = settings.file.name;
      const names = [...(own ? [own] : []), ...this.choices.data.map((one) => one.name)];
      choice(data, words.data, names, own || settings.data, (name) => {
        settings.data = name;
        settings.file = standardSettings().file;
        settings.dataSettings = {};
        settings.features = [];
      });
      const entry = settings.file.name ? null : this.choices.data.find((one) => one.name === settings.data);
      for (const setting of entry?.settings ?? []) {
        if (setting.kind === "other") continue;
        const take = (value) => {
          settings.dataSettings[setting.name] = value;
        };
        const value = settings.dataSettings[setting.name] ?? setting.standard ?? "";
        if (setting.words) choice(data, setting.name, setting.words, value, take);
        else number(data, setting.name, value, take, setting.summary);
      }
      const layers = group(words.layers);
      this.count(layers, words.hiddenLayers, settings.hidden.length, 0, 6, (count) => {
        while (settings.hidden.length > count) settings.hidden.pop();
        while (settings.hidden.length < count) settings.hidden.push(2);
        changed();
      });
      settings.hidden.forEach((units, layer) => {
        this.count(layers, words.unitsOf(layer + 1), units, 1, 32, (count) => {
          settings.hidden[layer] = count;
          changed();
        });
        choice(layers, words.activationOf(layer + 1), this.choices.activation.map((one) => one.name), settings.activations[layer] ?? "tanh", (name) => {
          settings.activations[layer] = name;
        });
      });
      number(layers, words.seed, settings.seed, (value) => (settings.seed = value));
      if (this.state.features.length >= 2 && this.state.features[0] === "x1") {
        const further = group(words.features);
        for (const formula of Object.keys(furtherFeatures)) {
          const field = document.createElement("input");
          field.type = "checkbox";
          field.checked = settings.features.includes(formula);
          field.onchange = () => {
            settings.features = Object.keys(furtherFeatures).filter((one) => (one === formula ? field.checked : settings.features.includes(one)));
            changed();
          };
          labelled(further, formula, field);
        }
      }
    }
    const learning = group(words.learning);
    choice(learning, words.optimizer, this.choices.optimizer.map((one) => one.name), settings.optimizer, (name) => (settings.optimizer = name));
    number(learning, words.rate, settings.rate, (value) => (settings.rate = value));
    number(learning, words.batch, settings.batch, (value) => (settings.batch = value));
    number(learning, words.apart, settings.apart, (value) => (settings.apart = value));
    number(learning, words.penalty, settings.penalty, (value) => (settings.penalty = value));
    const own = group(words.rows);
    const file = document.createElement("input");
    file.type = "file";
    file.accept = ".csv,.tsv,.txt,.arff,.json";
    file.onchange = () => this.onFile(file.files[0]);
    labelled(own, words.drop, file);
    if (this.pen.modes.length > 0) {
      const click = document.createElement("select");
      click.id = "pen";
      click.append(...this.pen.modes.map(([mode, text]) => new Option(text, mode)));
      click.value = this.pen.mode;
      click.onchange = () => (this.pen.mode = click.value);
      labelled(own, words.pen, click);
    }
  }

  /** A number with a button to make it smaller and one to make it larger. */
  count(parent, text, value, low, high, change) {
    const box = document.createElement("span");
    box.className = "count";
    const button = (sign, name, next) => {
      const made = document.createElement("button");
      made.textContent = sign;
      made.setAttribute("aria-label", name);
      made.disabled = next < low || next > high;
      made.onclick = () => change(next);
      return made;
    };
    const output = document.createElement("span");
    output.textContent = `${text}: ${value}`;
    box.append(button("−", words.fewer(text), value - 1), output, button("+", words.more(text), value + 1));
    parent.append(box);
  }
}
