/* One page a case, built of layui. What the page holds is told to the server at every change. */
const { $, form, table, laydate, layer, element, flow } = layui;
const CITIES = { 浙江省: ["杭州市", "宁波市"], 北京市: ["市辖区"], 海南省: ["海口市"] };

const item = (label, inner) => `<div class="layui-form-item"><label class="layui-form-label">${label}</label><div class="layui-input-block">${inner}</div></div>`;
const made = (...items) => `<div class="layui-form" style="width: 640px">${items.join("")}</div>`;
const options = (words, chosen) => words.map((word) => `<option value="v-${word}" ${word === chosen ? "selected" : ""}>${word}</option>`).join("");
const select = (name, words, more = "", chosen = "") => `<select name="${name}" lay-filter="${name}" ${more}><option value="">请选择</option>${options(words, chosen)}</select>`;
const input = (name, more = "") => `<input type="text" class="layui-input" name="${name}" ${more}>`;
const button = (words, more = "") => `<button type="button" class="layui-btn" ${more}>${words}</button>`;
const told = (...names) => names.forEach((name) => form.on(`select(${name})`, ({ value }) => tell(name, value)));
const onChange = (name) => $(`[name=${name}]`).on("change", (event) => tell(name, event.target.value));

/* Each: what stands on the page, and what is done once it is drawn. */
const CASES = {
  select: [
    made(
      item("快递公司", select("carrier", carriers)),
      item("按编号搜", `<select lay-filter="numbered" lay-search><option value="">请选择</option>${carriers.map((word, at) => `<option value="c${at}">${word}</option>`).join("")}</select>`),
      item("可搜索", select("searched", carriers, "lay-search")),
      item("全部画出", select("drawn", carriers, 'lay-append-to="body"')),
      item("已选", select("changed", carriers, "lay-search", "快递公司7")),
    ),
    () => {
      told("carrier", "searched", "drawn", "changed");
      form.on("select(numbered)", ({ value }) => tell("numbered", carriers[Number(value.slice(1))]));
    },
  ],
  lost: [made(item("快递公司", "<select></select>"))],
  doubled: [made(item("快递公司", `<select lay-filter="carrier">${options(["快递公司0", "圆通速递", "圆通 速递"])}</select>`)), () => told("carrier")],
  alike: [made(...["发货地", "收货地", "退货地"].map((label, at) => item(label, select("place" + at, Object.keys(CITIES))))), () => told("place0", "place1", "place2")],
  linked: [
    made(item("省份", select("province", Object.keys(CITIES))), item("城市", select("city", [], "disabled"))),
    () => {
      told("city");
      form.on("select(province)", ({ value }) => {
        tell("province", value);
        later(CITIES[value.slice(2)], 300).then((cities) => {
          $("[name=city]").prop("disabled", false).html(options(["请选择", ...cities]));
          form.render("select");
        });
      });
    },
  ],
  ticks: [
    made(
      item("协议", '<input type="checkbox" lay-filter="agreed" title="同意代发协议">'),
      item("运费险", '<input type="checkbox" lay-filter="insured" lay-skin="switch" checked title="投保|不投保">'),
      item("规格", ["L", "XL", "XXL"].map((size) => `<input type="radio" name="size" lay-filter="size" value="${size}" title="${size}">`).join("")),
    ),
    () => {
      form.on("checkbox(agreed)", ({ elem }) => tell("agreed", elem.checked));
      form.on("switch(insured)", ({ elem }) => tell("insured", elem.checked));
      form.on("radio(size)", ({ value }) => tell("size", value));
    },
  ],
  groups: [
    `<div class="layui-tab" lay-filter="tab"><ul class="layui-tab-title">${["全部", "待付款", "已关闭"].map((one, at) => `<li class="${at ? "" : "layui-this"}">${one}</li>`).join("")}</ul>
      <div class="layui-tab-content">${["全部", "待付款", "已关闭"].map((one, at) => `<div class="layui-tab-item ${at ? "" : "layui-show"}">${one}的订单</div>`).join("")}</div></div>` +
    made(
      item("支付方式", ["支付宝", "微信", "余额"].map((way) => `<input type="radio" name="pay" lay-filter="pay" value="${way}" title="${way}" ${way === "微信" ? "checked" : ""}>`).join("")),
      item("服务", ["七天退换", "破损包赔"].map((one, at) => `<input type="checkbox" name="service" lay-filter="service" lay-skin="${at ? "tag" : "primary"}" value="${one}" title="${one}" ${at ? "" : "checked"}>`).join("")),
    ),
    () => {
      element.on("tab(tab)", function () { tell("tab", this.innerText); });
      form.on("radio(pay)", ({ value }) => tell("pay", value));
      form.on("checkbox(service)", () => tell("services", $("[name=service]:checked").get().map((one) => one.value).join()));
    },
  ],
  numbers: [
    made(item("数量", input("quantity", 'lay-affix="number" min="1" max="99" value="1"')), item("备注", input("remark", 'maxlength="5"'))),
    () => ["quantity", "remark"].forEach(onChange),
  ],
  dates: [
    made(item("发货日期", input("date")), item("预约时间", input("time")), item("下单日期", `<div id="range">${input("begin", 'placeholder="开始日期"')}${input("end", 'placeholder="结束日期"')}</div>`)),
    () => {
      laydate.render({ elem: "[name=date]" });
      laydate.render({ elem: "[name=time]", type: "datetime" });
      laydate.render({ elem: "#range", range: ["[name=begin]", "[name=end]"] });
      ["date", "time"].forEach(onChange);
      $("#range").on("change", () => tell("range", $("#range input").get().map((box) => box.value).join("/")));
    },
  ],
  dropped_date: [
    made(item("发货日期", input("date")), button("提交")),
    () => {
      laydate.render({ elem: "[name=date]", trigger: "focus" });
      $("button").on("click", () => fetch("/order", { method: "POST" }));
    },
  ],
  table: [
    '<div style="width: 700px"><table id="made" lay-filter="made"></table></div>',
    () => {
      const rows = Array.from({ length: 23 }, (_, i) => ({ number: "S" + (1000 + i), goods: "收纳筐 " + "LX"[i % 2], pieces: (i % 3) + 1, state: i % 2 ? "已发货" : "待发货" }));
      table.render({ elem: "#made", data: rows, page: true, limit: 10, cols: [[
        { field: "number", title: "订单号", fixed: "left", width: 120 }, { field: "goods", title: "商品", width: 400 }, { field: "pieces", title: "数量", width: 400 },
        { field: "state", title: "订单状态", width: 400 }, { title: "操作", fixed: "right", width: 100, templet: () => '<a lay-event="open">详情</a>' },
      ]] });
      table.on("tool(made)", ({ data }) => tell("opened", data.number));
    },
  ],
  endless: [
    '<div id="box" style="width: 700px; height: 300px; overflow: auto"><table class="layui-table"><thead><tr><th>订单号</th><th>商品</th><th>数量</th></tr></thead><tbody></tbody></table></div>',
    () => flow.load({ elem: "#box tbody", scrollElem: "#box", isAuto: true, done: (page, next) => later(null, 60).then(() => {
      const rows = manyOrders.slice((page - 1) * 20, page * 20);
      next(rows.map((row) => `<tr class="table-row"><td>${row.number}</td><td>${row.goods}</td><td>${row.pieces}</td></tr>`).join(""), page * 20 < manyOrders.length);
    }) }),
  ],
  basket: [
    '<div style="width: 500px"><table id="made" lay-filter="made"></table></div>',
    () => {
      table.render({ elem: "#made", data: ["收纳筐 L", "收纳筐 XL"].map((goods) => ({ goods })), cols: [[
        { type: "checkbox", fixed: "left" }, { field: "goods", title: "商品", width: 300 }, { title: "备注", width: 300 },
        { title: "数量", width: 160, templet: ({ goods }) => input("pieces", `lay-affix="number" min="1" value="1" data-goods="${goods}"`) },
      ]] });
      table.on("checkbox(made)", ({ checked, data }) => tell(data.goods + " taken", checked));
      $("body").on("change", "[name=pieces]", (event) => tell(event.target.dataset.goods, event.target.value));
    },
  ],
  facts: ['<table class="layui-table"><tr><th>订单号</th><td>S1001</td><th>快递单号</th><td>YT123456789012</td></tr><tr><th>收货人</th><td>张三</td><td></td><td></td></tr></table>'],
  confirm: [
    made(item("应付总额", '<div class="layui-form-mid">¥10.00</div>'), button("提交")),
    () => {
      const send = (at) => {
        layer.close(at);
        fetch("/order", { method: "POST" }).then((answer) => later(answer, 200)).then(() => $("#root").html("<h1>下单成功</h1>"));
      };
      $("button").on("click", () => layer.confirm("确定现在下单吗", { title: "提交前确认", btn: ["确定", "取消"] }, send));
    },
  ],
  layers: [
    made(item("收货人", input("other"))) + button("修改地址", 'data-at="auto"') + button("修改快递", 'data-at="r"'),
    () => $("[data-at]").on("click", (event) => {
      const at = event.target.dataset.at;
      const save = async (index, box) => {
        await Promise.all(["receiver", "carrier"].map((name) => tell(name, box.find(`[name=${name}]`).val())));
        layer.close(index);
      };
      const content = made(item("收货人", input("receiver")), item("快递公司", select("carrier", carriers)));
      layer.open({ type: 1, title: event.target.innerText, offset: at, area: at === "r" ? ["700px", "100%"] : ["700px", "500px"], content, btn: ["保存"], yes: (index, box) => { save(index, box); }, success: () => form.render() });
    }),
  ],
  refused: [
    made(item("手机号", input("phone", 'lay-verify="required|mobile"')), button("保存", 'lay-submit lay-filter="save"')),
    () => {
      form.verify({ mobile: (value) => (/^1\d{10}$/.test(value) ? undefined : "手机号格式不正确") });
      form.on("submit(save)", () => tell("sent", "yes"));
    },
  ],
};

const [drawn, done] = CASES[new URLSearchParams(location.search).get("case")];
$("#root").html(`<h1>页面</h1>${drawn}`);
form.render();
if (done) done();
