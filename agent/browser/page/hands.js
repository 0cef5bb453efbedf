// Whether a person touches the page while they are waited for. The page does not notice that somebody listens.
const hands = () => {
  let touched = false;
  const types = ["pointerdown", "keydown", "drop", "paste"];
  const note = (event) => { touched = touched || event.isTrusted; };
  const views = documents().map((one) => one.defaultView).filter(Boolean);
  for (const view of views) for (const type of types) view.addEventListener(type, note, true);
  return {
    stop: () => {
      for (const view of views) for (const type of types) view.removeEventListener(type, note, true);
      return touched;
    },
  };
};
