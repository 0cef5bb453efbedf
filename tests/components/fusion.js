/* One page a case, built of Alibaba's Fusion. What the page holds is told to the server at every change. */
const { createElement: h, useState } = React;
const N = Next;
const wide = { style: { width: 260 } };
const item = (label, child, more) => h(N.Form.Item, { label, key: label, ...more }, child);
const form = (...items) => h(N.Form, { labelCol: { span: 6 }, wrapperCol: { span: 18 }, style: { width: 640 } }, ...items);

const one = (...path) => ({ value: path.join("/"), label: path[path.length - 1] });
const levels = (at) => Object.keys(at).map((top) => ({
  ...one(top),
  children: Object.entries(at[top]).map(([city, districts]) => ({ ...one(top, city), children: districts.map((district) => one(top, city, district)) })),
}));

const CASES = {
  select: () => form(
    item("快递公司", h(N.Select, { ...wide, placeholder: "请选择", useVirtual: true, dataSource: asOptions(carriers), onChange: (value) => tell("carrier", value) })),
    item("按编号搜", h(N.Select, { ...wide, showSearch: true, filter: (key, option) => option.value.includes(key), dataSource: carriers.map((label, at) => ({ value: "c" + at, label })), onChange: (value) => tell("numbered", carriers[Number(value.slice(1))]) })),
    item("可搜索", h(N.Select, { ...wide, showSearch: true, useVirtual: true, dataSource: asOptions(carriers), onChange: (value) => tell("searched", value) })),
    item("全部画出", h(N.Select, { ...wide, dataSource: asOptions(carriers), onChange: (value) => tell("drawn", value) })),
    item("已选", h(N.Select, { ...wide, showSearch: true, hasClear: true, defaultValue: "v-快递公司7", dataSource: asOptions(carriers), onChange: (value) => tell("changed", value) })),
  ),
  lost: () => form(item("快递公司", h(N.Select, { ...wide, state: "loading", dataSource: [] }))),
  doubled: () => form(item("快递公司", h(N.Select, { ...wide, dataSource: asOptions(["圆通速递"]).concat([{ value: "other", label: "圆通 速递" }]), onChange: (value) => tell("carrier", value) }))),
  remote: () => {
    const [options, setOptions] = useState([]);
    const look = (words) => later(words ? carriers.filter((name) => name.includes(words)) : [], 300).then((found) => setOptions(asOptions(found)));
    return form(item("快递公司", h(N.Select, { ...wide, showSearch: true, filterLocal: false, onSearch: look, dataSource: options, onChange: (value) => tell("carrier", value) })));
  },
  basket: () => h(N.Table, { style: { width: 500 }, rowSelection: { onSelect: (on, row) => tell(row.goods + " taken", on) }, primaryKey: "goods", dataSource: ["收纳筐 L", "收纳筐 XL"].map((goods) => ({ goods })) },
    h(N.Table.Column, { title: "商品", dataIndex: "goods", lock: "left", width: 150 }),
    h(N.Table.Column, { title: "备注", width: 400 }),
    h(N.Table.Column, { title: "数量", width: 200, cell: (_, at, row) => h(N.NumberPicker, { min: 1, defaultValue: 1, onChange: (value) => tell(row.goods, value) }) }),
  ),
  alike: () => form(...["发货地", "收货地", "退货地"].map((label, at) => item(label, h(N.Select, { ...wide, dataSource: asOptions(Object.keys(CHINA)), onChange: (value) => tell("place" + at, value) })))),
  linked: () => {
    const [cities, setCities] = useState([]);
    const choose = (value) => {
      tell("province", value);
      setCities([]);
      later(Object.keys(CHINA[value.slice(2)]), 300).then(setCities);
    };
    return form(
      item("省份", h(N.Select, { ...wide, dataSource: asOptions(Object.keys(CHINA)), onChange: choose })),
      item("城市", h(N.Select, { ...wide, disabled: !cities.length, dataSource: asOptions(cities), onChange: (value) => tell("city", value) })),
    );
  },
  cascader: () => form(item("所在地区", h(N.CascaderSelect, { ...wide, placeholder: "请选择", dataSource: levels(CHINA), onChange: (value) => tell("region", value) }))),
  strict: () => form(item("所在地区", h(N.CascaderSelect, { ...wide, changeOnSelect: true, dataSource: levels(CHINA), onChange: (value) => tell("region", value) }))),
  hovered: () => form(item("所在地区", h(N.CascaderSelect, { ...wide, expandTriggerType: "hover", dataSource: levels(CHINA), onChange: (value) => tell("region", value) }))),
  searchable: () => form(item("所在地区", h(N.CascaderSelect, { ...wide, showSearch: true, dataSource: levels(CHINA), defaultValue: "北京市/市辖区/东城区", onChange: (value) => tell("region", value) }))),
  regions: () => form(...["发货地", "收货地", "退货地"].map((label, at) => item(label, h(N.CascaderSelect, { ...wide, dataSource: levels(CHINA), onChange: (value) => tell("place" + at, value) })))),
  lazy: () => {
    const [options, setOptions] = useState(Object.keys(CHINA).map((top) => one(top)));
    const load = ({ value }) => {
      const path = value.split("/");
      const below = path.length === 1 ? Object.keys(CHINA[value]) : CHINA[path[0]][path[1]];
      const children = below.map((word) => ({ ...one(...path, word), isLeaf: path.length === 2 }));
      const grown = (all) => all.map((at) => (at.value === value ? { ...at, children } : { ...at, children: at.children && grown(at.children) }));
      return later(null, 250).then(() => setOptions(grown));
    };
    return form(item("所在地区", h(N.CascaderSelect, { ...wide, dataSource: options, loadData: load, onChange: (value) => tell("region", value) })));
  },
  ticks: () => form(
    item("协议", h(N.Checkbox, { onChange: (on) => tell("agreed", on) }, "同意代发协议")),
    item("运费险", h(N.Switch, { defaultChecked: true, onChange: (on) => tell("insured", on) })),
    item("规格", h(N.Radio.Group, { shape: "button", dataSource: ["L", "XL", "XXL"], onChange: (value) => tell("size", value) })),
  ),
  groups: () => h("div", null,
    h(N.Tab, { onChange: (key) => tell("tab", key) }, ["全部", "待付款", "已关闭"].map((title) => h(N.Tab.Item, { title, key: title }, h("p", null, title + "的订单")))),
    form(
      item("支付方式", h(N.Radio.Group, { defaultValue: "微信", dataSource: ["支付宝", "微信", "余额"], onChange: (value) => tell("pay", value) })),
      item("服务", h(N.Checkbox.Group, { dataSource: ["七天退换", "破损包赔"], defaultValue: ["七天退换"], onChange: (services) => tell("services", services.join()) })),
    )),
  numbers: () => form(
    item("数量", h(N.NumberPicker, { min: 1, max: 99, defaultValue: 1, onChange: (value) => tell("quantity", value) })),
    item("备注", h(N.Input, { maxLength: 5, onChange: (value) => tell("remark", value) })),
  ),
  dates: () => form(
    item("发货日期", h(N.DatePicker2, { onChange: (_, text) => tell("date", text) })),
    item("预约时间", h(N.DatePicker2, { showTime: true, onChange: (_, text) => tell("time", text) })),
    item("下单日期", h(N.DatePicker2.RangePicker, { placeholder: ["开始日期", "结束日期"], onChange: (_, texts) => tell("range", texts.join("/")) })),
    h(N.Button, { onClick: () => fetch("/order", { method: "POST" }) }, "提交"),
  ),
  opened_date: () => form(
    item("发货日期", h(N.DatePicker, { onChange: (value) => tell("date", value && value.format("YYYY-MM-DD")) })),
    h(N.Button, { onClick: () => fetch("/order", { method: "POST" }) }, "提交"),
  ),
  suggestions: () => {
    const [options, setOptions] = useState([]);
    const look = (words) => later(words ? ["乔司街道", "乔司街道办", "南苑街道"].filter((name) => name.startsWith(words.slice(0, 2))) : [], 200).then(setOptions);
    return form(item("街道", h(N.Select.AutoComplete, { ...wide, filterLocal: false, dataSource: options, onChange: (value) => { tell("town", value); look(value); } })));
  },
  table: () => {
    const [page, setPage] = useState(1);
    const rows = Array.from({ length: 23 }, (_, i) => ({ number: "S" + (1000 + i), goods: "收纳筐 " + "LX"[i % 2], pieces: (i % 3) + 1, state: i % 2 ? "已发货" : "待发货" }));
    return h("div", { style: { width: 700 } },
      h(N.Table, { primaryKey: "number", dataSource: rows.slice((page - 1) * 10, page * 10) },
        h(N.Table.Column, { title: "订单号", dataIndex: "number", lock: "left", width: 120 }),
        h(N.Table.Column, { title: "商品", dataIndex: "goods", width: 400 }),
        h(N.Table.Column, { title: "数量", dataIndex: "pieces", width: 400 }),
        h(N.Table.Column, { title: "订单状态", dataIndex: "state", width: 400 }),
        h(N.Table.Column, { title: "操作", lock: "right", width: 100, cell: (_, at, row) => h("a", { onClick: () => tell("opened", row.number) }, "详情") }),
      ),
      h(N.Pagination, { current: page, pageSize: 10, total: rows.length, totalRender: (total) => `共 ${total} 条`, onChange: setPage }));
  },
  virtual: () => h("div", { style: { width: 700 } },
    h(N.Table, { useVirtual: true, maxBodyHeight: 300, primaryKey: "number", dataSource: manyOrders },
      h(N.Table.Column, { title: "订单号", dataIndex: "number", width: 120 }),
      h(N.Table.Column, { title: "商品", dataIndex: "goods", width: 300 }),
      h(N.Table.Column, { title: "数量", dataIndex: "pieces", width: 180 }),
      h(N.Table.Column, { title: "操作", width: 100, cell: (_, at, row) => h("a", { onClick: () => tell("opened", row.number) }, "详情") }),
    ),
    h("p", null, `共 ${manyOrders.length} 条`)),
  confirm: () => {
    const [done, setDone] = useState(false);
    const send = () => fetch("/order", { method: "POST" }).then((answer) => later(answer, 200)).then(() => setDone(true));
    const ask = () => N.Dialog.confirm({ title: "提交前确认", content: "确定现在下单吗", onOk: send });
    return done ? h("h1", null, "下单成功") : form(item("应付总额", "¥10.00", { isPreview: true }), h(N.Button, { type: "primary", onClick: ask }, "提交"));
  },
  layers: () => {
    const [open, setOpen] = useState("");
    const [held, setHeld] = useState({});
    const put = (name) => (value) => setHeld({ ...held, [name]: value });
    const shut = () => setOpen("");
    const save = () => Promise.all(Object.entries(held).map(([name, value]) => tell(name, value))).then(shut);
    const inside = form(item("收货人", h(N.Input, { onChange: put("receiver") })), item("快递公司", h(N.Select, { ...wide, dataSource: asOptions(carriers), onChange: put("carrier") })));
    return h("div", null, form(item("收货人", h(N.Input))),
      h(N.Button, { onClick: () => setOpen("dialog") }, "修改地址"), h(N.Button, { onClick: () => setOpen("drawer") }, "修改快递"),
      h(N.Dialog, { title: "修改地址", visible: open === "dialog", onClose: shut, onCancel: shut, onOk: save, okProps: { children: "保存" } }, inside),
      h(N.Drawer, { title: "修改快递", width: 700, visible: open === "drawer", onClose: shut }, inside, h(N.Button, { onClick: save }, "保存")));
  },
  refused: () => h(N.Form, { style: { width: 500 } },
    item("手机号", h(N.Input, { name: "phone" }), { required: true, requiredMessage: "请输入手机号", pattern: /^1\d{10}$/, patternMessage: "手机号格式不正确" }),
    h(N.Form.Submit, { validate: true, onClick: (values, errors) => { if (!errors) tell("sent", "yes"); } }, "保存")),
};

CASES.dropped_date = CASES.dates;
const wanted = new URLSearchParams(location.search).get("case");
ReactDOM.render(h("div", null, h("h1", null, "页面"), h(CASES[wanted])), document.getElementById("root"));
