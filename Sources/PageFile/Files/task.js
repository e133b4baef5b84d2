// A sheet of exercises as a form.

class Task {
  /** @param {Client} client @param {string} text the sheet */
  constructor(client, text) {
    this.client = client;
    this.text = text;
    this.form = document.getElementById("sheet");
    /** @type {HTMLInputElement[]} */
    this.fields = [];
    /** By the line in which an exercise begins, the place for what its checks find. */
    this.places = new Map();
    /** How many hints of an exercise are open. */
    this.hints = new Map();
  }

  /** @returns {Promise<boolean>} whether the text has places to fill in */
  async open() {
    const sheet = await this.client.ask({ ask: "sheet", code: this.text });
    const segments = sheet.segments ?? [];
    if (!segments.some((segment) => segment.kind === "blank")) return false;
    document.getElementById("task").hidden = false;
    if (sheet.student) this.add("p", `${words.student}: ${sheet.student}`);
    for (const segment of segments) this.addSegment(segment);
    const button = document.createElement("button");
    button.className = "strong";
    button.textContent = words.check;
    this.form.append(button);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.check();
    };
    this.result = document.createElement("div");
    this.result.setAttribute("role", "status");
    this.form.append(this.result);
    return true;
  }

  add(kind, text) {
    const element = document.createElement(kind);
    element.textContent = text;
    this.form.append(element);
    return element;
  }

  addSegment({ kind, text, label, words: description, line }) {
    if (kind === "words") this.add("p", text);
    else if (kind === "code") this.add("pre", text);
    else if (kind === "exercise") {
      const place = this.add("div", "");
      place.className = "found";
      place.setAttribute("role", "status");
      this.places.set(line, place);
    } else {
      const row = document.createElement("label");
      row.className = "blank";
      const field = document.createElement("input");
      field.autocomplete = "off";
      field.spellcheck = false;
      row.append(label, field, description ?? "");
      this.fields.push(field);
      this.form.append(row);
    }
  }

  async check() {
    const answers = this.fields.map((field) => field.value);
    const answer = await this.client.ask({ ask: "check", code: this.text, answers });
    this.result.replaceChildren();
    if (answer.error) {
      this.result.textContent = answer.error;
      return;
    }
    const report = JSON.parse(answer.report);
    for (const exercise of report.exercises) this.showExercise(exercise);
    const errors = report.errors.map((error) => error.message).join("; ");
    this.say(this.result, errors || (report.solved ? words.filledIn : ""));
    const label = document.createElement("label");
    const code = document.createElement("textarea");
    code.className = "code";
    code.readOnly = true;
    code.value = answer.code;
    label.append(`${words.handIn} `, code);
    this.result.append(label);
  }

  say(place, text) {
    if (!text) return;
    const element = document.createElement("p");
    element.textContent = text;
    place.append(element);
  }

  showExercise(exercise) {
    const place = this.places.get(exercise.line);
    if (!place) return;
    place.replaceChildren();
    place.classList.toggle("holds", exercise.solved && exercise.checks.length > 0);
    place.classList.toggle("fails", exercise.checks.some((check) => check.result === "fails"));
    const held = exercise.checks.filter((check) => check.result === "holds").length;
    this.say(place, exercise.checks.length > 0 ? `${exercise.title}: ${words.held(held, exercise.checks.length)}` : `${exercise.title}: ${exercise.solved ? words.filledIn : words.notFilledIn}`);
    for (const check of exercise.checks) {
      if (check.result === "fails") {
        this.say(place, [check.text, check.message, check.found, check.misconception].filter(Boolean).join(" · "));
      }
    }
    for (const mistake of exercise.mistakes) this.say(place, mistake);
    const open = this.hints.get(exercise.line) ?? 0;
    for (const hint of exercise.hints.slice(0, open)) this.say(place, hint);
    if (open < exercise.hints.length && !exercise.solved) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words.hint;
      button.onclick = () => {
        this.hints.set(exercise.line, open + 1);
        this.showExercise(exercise);
      };
      place.append(button);
    }
  }
}
