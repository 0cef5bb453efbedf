// Which verb is answered by what. An element and the guard are returned as they are, everything else as JSON text.
const verbs = {
  read, one, several, offers, divide, conditions, said, quiet, choose, kind, ticked, hand, held, lettered, search, seekChoice, level, opened, covered, wayOut, shut, leave, toLastRow, toNextRows, toFirstRow, count, skeleton, guard, hands,
  panelOn, panelPressed, panelStands, pointed, unheard, heardAgain, suggested, rowsAround, trial,
  shown: () => shown(element),
  takeAway: () => (takeAway(), true),
  unnumbered: () => (unframe("trial"), true),
  optionWords: () => optionWords(element, request.target.place),
  page: () => performance.timeOrigin,
};
const answered = async () => {
  const answer = await verbs[request.verb]();
  return (answer && answer.nodeType) || ["guard", "hands", "several"].includes(request.verb) ? answer : JSON.stringify({ answer });
};
