// The marketplace's own elements: q-button and q-textarea, with open shadow roots.

class Button extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const words = this.textContent;
    this.attachShadow({ mode: "open" }).innerHTML = `<style>
      .q-button { display: inline-block; padding: 0 34px; line-height: 40px; border-radius: 20px; background: #ff4000; color: #fff; font-size: 16px; cursor: pointer; user-select: none; }
      :host([disabled=true]) .q-button, :host([loading=true]) .q-button { background: #ccc; cursor: not-allowed; }
      :host([type=normal]) .q-button { background: #fff; color: #333; border: 1px solid #ddd; }
    </style><div class="q-button"><span class="text"></span></div>`;
    this.shadowRoot.querySelector(".text").textContent = words;
    this.textContent = "";
    this.addEventListener("click", (event) => {
      if (this.getAttribute("disabled") === "true" || this.getAttribute("loading") === "true") event.stopImmediatePropagation();
    }, true);
  }
}

class Textarea extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).innerHTML = `<style>
      textarea { width: 100%; height: 44px; box-sizing: border-box; border: 1px solid #ddd; border-radius: 4px; padding: 6px 8px; font: 13px/1.5 sans-serif; resize: none; }
    </style><div class="q-textarea"><textarea></textarea></div>`;
    this.area.placeholder = this.getAttribute("placeholder") || "";
    this.area.value = this.getAttribute("initialvalue") || "";
  }
  get area() { return this.shadowRoot.querySelector("textarea"); }
}

customElements.define("q-button", Button);
customElements.define("q-textarea", Textarea);
