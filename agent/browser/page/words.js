// Words match as a person reads them: NFKC, blanks and letter case ignored, `*` only where written.

const BLANKS = /[\s\u200b-\u200d\u2060\ufeff]+/g;
const squeeze = (text) => (text || "").normalize("NFKC").replace(BLANKS, "");
const plain = (text) => squeeze(text).toLowerCase();
const oneLine = (text) => (text || "").replace(BLANKS, " ").trim();
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const LOOSE = new Set(["label", "beside", "column"]); // a trailing ： and the * of a required field are not part of the words

const matchers = new Map();
const wanted = (locator) => {
  const key = `${locator.way}=${locator.words}`;
  if (!matchers.has(key)) matchers.set(key, matcher(locator));
  return matchers.get(key);
};
const matcher = (locator) => {
  const loose = LOOSE.has(locator.way);
  const words = loose ? plain(locator.words).replace(/:+$/, "") : plain(locator.words);
  const chunks = words.split("*").filter(Boolean);
  const body = words.split("*").map(escaped).join(".*");
  const whole = new RegExp(loose ? `^\\**${body}[:*]*$` : `^${body}$`, "s");
  const before = new RegExp(`^\\**${body}\\**:(.+)$`, "s"); // 订单号：123 in one element
  return { test: (text) => whole.test(plain(text)), before: (text) => before.test(plain(text)), chunks };
};
