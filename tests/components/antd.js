/* One page a case, built of the library's own components. What the page holds is told to the server at every change. */
const { createElement: h, useState } = React;
const A = antd;
const wide = { style: { width: 260 } };
const item = (label, child, more) => h(A.Form.Item, { label, ...more }, child);
const form = (...items) => h(A.Form, { layout: "horizontal", labelCol: { span: 6 }, style: { width: 640 } }, ...items);

const levels = (at) => Object.keys(at).map((label) => ({
  value: label, label,
  children: Object.entries(at[label]).map(([city, districts]) => ({ value: city, label: city, children: districts.map((one) => ({ value: one, label: one })) })),
}));

const CASES = {
  select: () => form(
    item("快递公司", h(A.Select, { ...wide, placeholder: "请选择", options: asOptions(carriers), onChange: (value) => tell("carrier", value) })),
    item("按编号搜", h(A.Select, { ...wide, showSearch: true, options: carriers.map((label, at) => ({ value: "c" + at, label })), onChange: (value) => tell("numbered", carriers[Number(value.slice(1))]) })),
    item("可搜索", h(A.Select, { ...wide, showSearch: true, optionFilterProp: "label", options: asOptions(carriers), onChange: (value) => tell("searched", value) })),
    item("全部画出", h(A.Select, { ...wide, virtual: false, options: asOptions(carriers), onChange: (value) => tell("drawn", value) })),
    item("已选", h(A.Select, { ...wide, virtual: false, showSearch: true, optionFilterProp: "label", defaultValue: "v-快递公司7", options: asOptions(carriers), onChange: (value) => tell("changed", value) })),
  ),
  lost: () => form(item("快递公司", h(A.Select, { ...wide, loading: true, options: [] }))),
  doubled: () => form(item("快递公司", h(A.Select, { ...wide, options: asOptions(["圆通速递"]).concat([{ value: "other", label: "圆通 速递" }]), onChange: (value) => tell("carrier", value) }))),
  remote: () => {
    const [options, setOptions] = useState([]);
    const look = (words) => later(words ? carriers.filter((one) => one.includes(words)) : [], 300).then((found) => setOptions(asOptions(found)));
    return form(item("快递公司", h(A.Select, { ...wide, showSearch: true, filterOption: false, onSearch: look, options, onChange: (value) => tell("carrier", value) })));
  },
  basket: () => h(A.Table, { pagination: false, dataSource: ["收纳筐 L", "收纳筐 XL"].map((goods) => ({ key: goods, goods })), columns: [
    { title: "商品", dataIndex: "goods" },
    { title: "选择", render: (_, row) => h(A.Checkbox, { onChange: (event) => tell(row.goods + " taken", event.target.checked) }) },
    { title: "数量", render: (_, row) => h(A.InputNumber, { min: 1, defaultValue: 1, onChange: (value) => tell(row.goods, value) }) },
  ] }),
  alike: () => form(...["发货地", "收货地", "退货地"].map((label, at) => item(label, h(A.Select, { ...wide, options: asOptions(Object.keys(CHINA)), onChange: (value) => tell("place" + at, value) })))),
  linked: () => {
    const [cities, setCities] = useState([]);
    return form(
      item("省份", h(A.Select, { ...wide, options: asOptions(Object.keys(CHINA)), onChange: (value) => {
        tell("province", value);
        setCities([]);
        later(Object.keys(CHINA[value.slice(2)]), 300).then(setCities);
      } })),
      item("城市", h(A.Select, { ...wide, disabled: !cities.length, options: asOptions(cities), onChange: (value) => tell("city", value) })),
    );
  },
  cascader: () => form(item("所在地区", h(A.Cascader, { ...wide, placeholder: "请选择", options: levels(CHINA), onChange: (value) => tell("region", value.join("/")) }))),
  strict: () => form(item("所在地区", h(A.Cascader, { ...wide, changeOnSelect: true, options: levels(CHINA), onChange: (value) => tell("region", value.join("/")) }))),
  hovered: () => form(item("所在地区", h(A.Cascader, { ...wide, expandTrigger: "hover", options: levels(CHINA), onChange: (value) => tell("region", value.join("/")) }))),
  searchable: () => form(item("所在地区", h(A.Cascader, { ...wide, showSearch: true, options: levels(CHINA), defaultValue: ["北京市", "市辖区", "东城区"], onChange: (value) => tell("region", value.join("/")) }))),
  regions: () => form(...["发货地", "收货地", "退货地"].map((label, at) => item(label, h(A.Cascader, { ...wide, options: levels(CHINA), onChange: (value) => tell("place" + at, value.join("/")) })))),
  lazy: () => {
    const [options, setOptions] = useState(Object.keys(CHINA).map((label) => ({ value: label, label, isLeaf: false })));
    const load = (path) => {
      const at = path[path.length - 1];
      const below = path.length === 1 ? Object.keys(CHINA[path[0].value]) : CHINA[path[0].value][at.value];
      at.loading = true;
      later(below, 250).then((words) => {
        at.loading = false;
        at.children = words.map((word) => ({ value: word, label: word, isLeaf: path.length === 2 }));
        setOptions([...options]);
      });
    };
    return form(item("所在地区", h(A.Cascader, { ...wide, options, loadData: load, changeOnSelect: true, onChange: (value) => tell("region", value.join("/")) })));
  },
  ticks: () => form(
    item("协议", h(A.Checkbox, { onChange: (event) => tell("agreed", event.target.checked) }, "同意代发协议")),
    item("运费险", h(A.Switch, { defaultChecked: true, onChange: (on) => tell("insured", on) })),
    item("规格", h(A.Radio.Group, { onChange: (event) => tell("size", event.target.value) }, ["L", "XL", "XXL"].map((size) => h(A.Radio.Button, { key: size, value: size }, size)))),
  ),
  groups: () => h("div", null,
    h(A.Tabs, { onChange: (key) => tell("tab", key), items: ["全部", "待付款", "已关闭"].map((label) => ({ key: label, label, children: h("p", null, label + "的订单") })) }),
    form(
      item("支付方式", h(A.Radio.Group, { defaultValue: "微信", onChange: (event) => tell("pay", event.target.value) }, ["支付宝", "微信", "余额"].map((way) => h(A.Radio, { key: way, value: way }, way)))),
      item("服务", h(A.Checkbox.Group, { options: ["七天退换", "破损包赔"], defaultValue: ["七天退换"], onChange: (services) => tell("services", services.join()) })),
    )),
  segments: () => form(item("快慢", h(A.Segmented, { options: ["普快", "特快"], onChange: (value) => tell("speed", value) }))),
  numbers: () => form(
    item("数量", h(A.InputNumber, { min: 1, max: 99, defaultValue: 1, onChange: (value) => tell("quantity", value) })),
    item("备注", h(A.Input, { maxLength: 5, onChange: (event) => tell("remark", event.target.value) })),
  ),
  dates: () => form(
    item("发货日期", h(A.DatePicker, { onChange: (_, text) => tell("date", text) })),
    item("预约时间", h(A.DatePicker, { showTime: true, onChange: (_, text) => tell("time", text) })),
    item("下单日期", h(A.DatePicker.RangePicker, { onChange: (_, texts) => tell("range", texts.join("/")) })),
    h(A.Button, { onClick: () => fetch("/order", { method: "POST" }) }, "提交"),
  ),
  suggestions: () => {
    const [options, setOptions] = useState([]);
    const look = (words) => later(words ? ["乔司街道", "乔司街道办", "南苑街道"].filter((one) => one.startsWith(words.slice(0, 2))) : [], 200).then((found) => setOptions(found.map((value) => ({ value }))));
    return form(item("街道", h(A.AutoComplete, { ...wide, options, onSearch: look, onChange: (value) => tell("town", value) })));
  },
  table: () => {
    const [page, setPage] = useState(1);
    const rows = Array.from({ length: 23 }, (_, i) => ({ key: i, number: "S" + (1000 + i), goods: "收纳筐 " + "LX"[i % 2], pieces: (i % 3) + 1, state: i % 2 ? "已发货" : "待发货" }));
    const columns = [
      { title: "订单号", dataIndex: "number", fixed: "left", width: 120 },
      { title: "商品", dataIndex: "goods", width: 400 },
      { title: "数量", dataIndex: "pieces", width: 400 },
      { title: "订单状态", dataIndex: "state", width: 400 },
      { title: "操作", fixed: "right", width: 100, render: (_, row) => h("a", { onClick: () => tell("opened", row.number) }, "详情") },
    ];
    return h("div", { style: { width: 700 } }, h(A.Table, { columns, dataSource: rows, scroll: { x: 1400 }, pagination: { current: page, pageSize: 10, total: rows.length, showTotal: (total) => `共 ${total} 条`, onChange: setPage } }));
  },
  virtual: () => h("div", { style: { width: 700 } },
    h(A.Table, { virtual: true, pagination: false, scroll: { x: 700, y: 300 }, dataSource: manyOrders, columns: [
      { title: "订单号", dataIndex: "number", fixed: "left", width: 120 },
      { title: "商品", dataIndex: "goods", width: 400 },
      { title: "数量", dataIndex: "pieces", width: 180 },
      { title: "操作", width: 100, render: (_, row) => h("a", { onClick: () => tell("opened", row.number) }, "详情") },
    ] }),
    h("p", null, `共 ${manyOrders.length} 条`)),
  facts: () => h(A.Descriptions, { bordered: true, column: 2, items: [
    { key: 1, label: "订单号", children: "S1001" }, { key: 2, label: "快递单号", children: "YT123456789012" }, { key: 3, label: "收货人", children: "张三" },
  ] }, h(A.Descriptions.Item, { label: "订单号" }, "S1001"), h(A.Descriptions.Item, { label: "快递单号" }, "YT123456789012"), h(A.Descriptions.Item, { label: "收货人" }, "张三")),
  confirm: () => {
    const [modal, holder] = A.Modal.useModal();
    const [done, setDone] = useState(false);
    const send = () => fetch("/order", { method: "POST" }).then((answer) => later(answer, 200)).then(() => setDone(true));
    return h("div", null, holder, done ? h("h1", null, "下单成功") : h("div", null,
      h(A.Descriptions, { column: 1 }, h(A.Descriptions.Item, { label: "应付总额" }, "¥10.00")),
      h(A.Button, { type: "primary", onClick: () => modal.confirm({ title: "提交前确认", content: "确定现在下单吗", okText: "确定", cancelText: "取消", onOk: send }) }, "提交")));
  },
  layers: () => {
    const [open, setOpen] = useState("");
    const [held, setHeld] = useState({});
    const put = (name) => (value) => setHeld({ ...held, [name]: value.target ? value.target.value : value });
    const shut = () => setOpen("");
    const save = () => Promise.all(Object.entries(held).map(([name, value]) => tell(name, value))).then(shut);
    const inside = form(item("收货人", h(A.Input, { onChange: put("receiver") })), item("快递公司", h(A.Select, { ...wide, options: asOptions(carriers), onChange: put("carrier") })));
    return h("div", null, form(item("收货人", h(A.Input))),
      h(A.Button, { onClick: () => setOpen("dialog") }, "修改地址"), h(A.Button, { onClick: () => setOpen("drawer") }, "修改快递"),
      h(A.Modal, { title: "修改地址", open: open === "dialog", onCancel: shut, onOk: save, okText: "保存" }, inside),
      h(A.Drawer, { title: "修改快递", open: open === "drawer", onClose: shut, footer: h(A.Button, { onClick: save }, "保存") }, inside));
  },
  refused: () => {
    const [made] = A.Form.useForm();
    return h(A.Form, { form: made, style: { width: 500 }, onFinish: () => tell("sent", "yes") },
      h(A.Form.Item, { name: "phone", label: "手机号", rules: [{ required: true, message: "请输入手机号" }, { pattern: /^1\d{10}$/, message: "手机号格式不正确" }] }, h(A.Input)),
      h(A.Button, { htmlType: "submit" }, "保存"));
  },
};

CASES.dropped_date = CASES.dates;
const wanted = new URLSearchParams(location.search).get("case");
const Case = CASES[wanted];
const provider = { prefixCls: window.PREFIX, locale: antd.locales && antd.locales.zh_CN };
if (A.Modal.config) A.ConfigProvider.config({ prefixCls: window.PREFIX });
ReactDOM.createRoot(document.getElementById("root")).render(h(A.ConfigProvider, provider, h("h1", null, "页面"), h(Case)));
