// Every text of the page. Another language is another table of the same names.
const words = {
  example: "example", notation: "notation", share: "copy link", theme: "light / dark", save: "save as",
  play: "Play", run: "run", pause: "pause", oneEpoch: "one epoch", oneBatch: "one batch",
  oneSample: "one sample", back: "back", again: "start again", speed: "epochs a picture",
  netFigure: "The net, with the numbers of one sample: point at a line or a unit to ask why",
  answersFigure: "What it answers", curvesFigure: "Loss by epoch",
  data: "data", rows: "own data", optimizer: "optimizer", learning: "learning", layers: "layers",
  hiddenLayers: "hidden layers", unitsOf: (layer) => `units of layer ${layer}`,
  activationOf: (layer) => `activation of layer ${layer}`, seed: "seed",
  rate: "rate", batch: "batch", apart: "set apart", penalty: "l2", features: "features",
  fewer: (what) => `fewer ${what}`, more: (what) => `more ${what}`,
  why: "Why", sample: "sample", stepFirst: "from the beginning", stepBack: "step back",
  stepNext: "next rule", whyHint:
    "Point at a weight, a unit, a sample or the curve; a click or Enter keeps its card, and a second one "
    + "stands beside it. A kept weight or bias can be changed.",
  step: (place, count) => `${place} of ${count}`, change: "change to", changeTarget: "change its target to", set: "set",
  mistakes: "what if I had made a mistake?", close: "close", task: "Task", check: "check",
  hint: "hint", handIn: "code to hand in", held: (held, count) => `${held} of ${count} public checks hold`, filledIn: "filled in",
  notFilledIn: "not all is filled in", prompt: "Prompt",
  promptHint: "Tab completes, F1 explains the name at the cursor, Enter runs, Shift+Enter begins a line.",
  enter: "enter", starting: "the engine starts …", stop: "stop what runs",
  stopped: "stopped; the page is where it was before", copied: "the link is copied",
  linkInField: "the address of this page is the link", linkBroken: "the link is damaged: the page begins anew",
  linkTooLong: "the link is too long: the page begins anew",
  engineMissing: "this browser cannot start the engine: ",
  after: (epochs, loss) => `epoch ${epochs}: loss ${loss}`,
  pen: "a click in the plane", penChoose: "chooses the sample", penPoint: "adds a point",
  penClass: (name) => `adds a point of class ${name}`, penRemove: "removes the point",
  drop: "drop a table here, or choose one", saveChoice: "choose …",
  lossOfEpoch: "The mean over the steps of the epoch, each before it changed the weights. After the epoch the loss is:",
  noCurve: "no epoch yet", nothingToExplain: "nothing to explain yet: make a net and data",
  student: "student",
};

/** Fills the texts of the page in. */
function fillWords() {
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = words[/** @type {HTMLElement} */ (element).dataset.word];
  }
}
