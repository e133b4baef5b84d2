// The pictures: drawn by the engine, put where they belong.

class Views {
  /** @param {(name: string, element: Element, isKept: boolean) => void} onPoint */
  constructor(onPoint) {
    this.places = ["net", "answers", "curves"].map((id) => document.getElementById(id));
    for (const place of this.places) {
      const told = (event, isKept) => {
        const target = event.target.closest?.("[data-name]");
        if (target) onPoint(target.dataset.name, target, isKept);
      };
      place.addEventListener("pointerover", (event) => told(event, false));
      place.addEventListener("focusin", (event) => told(event, false));
      place.addEventListener("click", (event) => told(event, true));
      place.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        told(event, true);
      });
    }
    this.errors = [];
  }

  /** What to ask for, for the three pictures. */
  static requests(state, theme, hasRun) {
    const { sample } = state.settings;
    const draw = (code, width, height) => ({ ask: "draw", code, theme, width, height });
    return [
      draw(`show net d view=net sample=${sample} names=true title=""`, 760, 400),
      draw(`show net d title=""${state.featureFunction ? ` features=${state.featureFunction}` : ""}`, 420, 400),
      ...(hasRun ? [draw('show run title=""', 420, 300)] : []),
    ];
  }

  /** @param {{ svg?: string, error?: string }[]} answers */
  show(answers, isStill) {
    this.places.forEach((place, index) => {
      const answer = answers[index];
      // An answer of the engine: its texts are escaped there.
      if (answer?.svg) {
        const name = isStill ? /** @type {HTMLElement} */ (document.activeElement)?.closest?.(`#${place.id} [data-name]`)?.getAttribute("data-name") : null;
        place.innerHTML = answer.svg;
        if (isStill) this.makeReachable(place, name);
      } else place.textContent = answer?.error ?? words.noCurve;
    });
  }

  /** Parts can be reached with the keyboard while nothing runs. */
  makeReachable(place, focused) {
    const parts = place.querySelectorAll("[data-name]");
    parts.forEach((part, index) => {
      part.setAttribute("role", "button");
      // Of many samples and epochs only the first is a stop; the arrows lead on.
      part.setAttribute("tabindex", place.id === "net" || index === 0 ? "0" : "-1");
      if (part.getAttribute("data-name") === focused) /** @type {HTMLElement} */ (part).focus();
    });
    const picture = place.querySelector("svg");
    picture?.setAttribute("role", "group");
    picture?.setAttribute("aria-label", place.parentElement.querySelector("figcaption").textContent);
    place.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = [...parts].indexOf(event.target);
      if (!step || at < 0) return;
      event.preventDefault();
      const next = parts[(at + step + parts.length) % parts.length];
      parts[at].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    };
  }

  /** The part of the drawing that shows a quantity: weights as they are, all else in its unit. */
  static part(name) {
    const plain = name.replace(/^(grad|slope) /, "");
    if (/^(W|x)/.test(plain)) return plain;
    return plain.replace(/^(z|a|b|delta)(\d+)/, "a$2");
  }

  /** Lights what the names stand for. */
  light(names) {
    const parts = new Set(names.map(Views.part));
    for (const part of document.querySelectorAll("#net [data-name]")) {
      part.classList.toggle("lit", parts.has(part.getAttribute("data-name")));
    }
  }
}
