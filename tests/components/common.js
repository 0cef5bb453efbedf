/* What every library's page is made of: how it tells the server what it holds, and what its lists offer. */
const tell = (name, value) => fetch("/told", { method: "POST", body: new URLSearchParams({ name, value: String(value) }) });
const carriers = Array.from({ length: 308 }, (_, i) => "快递公司" + i).concat(["圆通速递", "圆通速递国际"]);
const asOptions = (words) => words.map((word) => ({ value: "v-" + word, label: word }));
const manyOrders = Array.from({ length: 310 }, (_, at) => ({ key: at, id: at, number: "S" + (1000 + at), goods: "收纳筐 " + "LX"[at % 2], pieces: (at % 3) + 1 }));
const later = (value, after) => new Promise((done) => setTimeout(() => done(value), after));
const CHINA = {
  浙江省: { 杭州市: ["西湖区", "临平区"], 宁波市: ["鄞州区"] },
  北京市: { 市辖区: ["东城区", "西城区"] },
  海南省: { 省直辖县级行政区划: ["琼海市", "五指山市"], 海口市: ["龙华区"] },
};
