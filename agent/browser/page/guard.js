// Reads everything compared once more inside the event itself. One value differs: the event ends here and nothing is
// sent. Exactly one click comes through; whatever else strikes the button, from a hand or a script, ends here too.
const guard = () => {
  const state = { differs: null, through: [] };
  const isTarget = (event) => {
    const path = event.composedPath();
    return path.includes(element) || targets(request.target).some((el) => path.includes(el));
  };
  const differing = () => {
    if (partedFor(request.target).length) return request.target.name;
    const now = readOnce(request.wish);
    for (const part of ["places", "lists", "held"]) {
      for (const key of Object.keys(request.expected[part])) {
        if (JSON.stringify(now[part][key]) !== JSON.stringify(request.expected[part][key])) return key;
      }
    }
    return null;
  };
  const stop = (event) => { event.stopImmediatePropagation(); event.preventDefault(); };
  const listen = (event) => {
    forget();
    if (!isTarget(event)) { if (!state.through.includes("click")) stop(event); return; } // nothing else before the click
    if (state.differs === null && !state.through.includes(event.type)) {
      state.differs = differing();
      if (state.differs === null) { state.through.push(event.type); return; }
    }
    stop(event);
  };
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "dblclick"]) element.ownerDocument.defaultView.addEventListener(type, listen, true);
  return { look: () => state };
};
