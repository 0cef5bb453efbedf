// Which verb is answered by what. An element and the guard are returned as they are, everything else as JSON text.
const verbs = {
  read, one, several, offers, divide, conditions, said, quiet, choose, kind, ticked, hand, held, lettered, search, seekChoice, level, opened, covered, wayOut, shut, leave, outline, toLastRow, toNextRows, toFirstRow, count, skeleton, guard,
  shown: () => shown(element),
  optionWords: () => optionWords(element, request.target.place),
  page: () => performance.timeOrigin,
};
const answered = async () => {
  const answer = await verbs[request.verb]();
  return (answer && answer.nodeType) || request.verb === "guard" || request.verb === "several" ? answer : JSON.stringify({ answer });
};
