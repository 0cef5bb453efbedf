/* One page a case, built of Element Plus. What the page holds is told to the server at every change. */
const { createApp, reactive, ref } = Vue;

const levels = (at) => Object.keys(at).map((label) => ({
  value: label, label,
  children: Object.entries(at[label]).map(([city, districts]) => ({ value: city, label: city, children: districts.map((one) => ({ value: one, label: one })) })),
}));

const item = (label, inner) => `<el-form-item label="${label}">${inner}</el-form-item>`;
const form = (...items) => `<el-form label-width="140px" style="width: 640px">${items.join("")}</el-form>`;
const page = (template, setup) => ({ template, setup: () => ({ tell, ...(setup ? setup() : {}) }) });
const select = (more, name, options = "options") => `<el-select v-model="held.${name}" ${more} @change="value => tell('${name}', value)">
  <el-option v-for="one in ${options}" :key="one.value" :value="one.value" :label="one.label" /></el-select>`;

const CASES = {
  select: page(
    form(
      item("快递公司", `<el-select-v2 v-model="held.carrier" :options="options" @change="value => tell('carrier', value)" />`),
      item("按编号搜", `<el-select-v2 v-model="held.numbered" filterable :filter-method="byNumber" :options="numbered" @change="value => tell('numbered', carriers[Number(value.slice(1))])" />`),
      item("可搜索", `<el-select-v2 v-model="held.searched" filterable :options="options" @change="value => tell('searched', value)" />`),
      item("全部画出", select("", "drawn")),
      item("已选", select("filterable", "changed")),
    ),
    () => {
      const all = carriers.map((label, at) => ({ value: "c" + at, label }));
      const numbered = ref(all);
      const byNumber = (words) => { numbered.value = all.filter((one) => one.value.includes(words)); };
      return { carriers, options: asOptions(carriers), numbered, byNumber, held: reactive({ changed: "v-快递公司7" }) };
    },
  ),
  lost: page(form(item("快递公司", select("loading", "carrier"))), () => ({ options: [], held: reactive({}) })),
  doubled: page(form(item("快递公司", select("", "carrier"))), () => ({ options: asOptions(["圆通速递"]).concat([{ value: "other", label: "圆通 速递" }]), held: reactive({}) })),
  remote: page(
    form(item("快递公司", select('filterable remote :remote-method="look" :loading="loading"', "carrier"))),
    () => {
      const [options, loading] = [ref([]), ref(false)];
      const look = (words) => {
        loading.value = true;
        later(words ? carriers.filter((one) => one.includes(words)) : [], 300).then((found) => { options.value = asOptions(found); loading.value = false; });
      };
      return { options, loading, look, held: reactive({}) };
    },
  ),
  basket: page(
    `<el-table :data="rows"><el-table-column label="商品" prop="goods" />
      <el-table-column label="选择"><template #default="{ row }"><el-checkbox v-model="row.taken" @change="on => tell(row.goods + ' taken', on)" /></template></el-table-column>
      <el-table-column label="数量"><template #default="{ row }"><el-input-number v-model="row.pieces" :min="1" @change="value => tell(row.goods, value)" /></template></el-table-column></el-table>`,
    () => ({ rows: reactive(["收纳筐 L", "收纳筐 XL"].map((goods) => ({ goods, pieces: 1, taken: false }))) }),
  ),
  alike: page(form(...["发货地", "收货地", "退货地"].map((label, at) => item(label, select("", "place" + at)))), () => ({ options: asOptions(Object.keys(CHINA)), held: reactive({}) })),
  linked: page(
    form(
      item("省份", `<el-select v-model="held.province" @change="choose"><el-option v-for="one in provinces" :key="one.value" :value="one.value" :label="one.label" /></el-select>`),
      item("城市", select(':disabled="!cities.length"', "city", "cities")),
    ),
    () => {
      const cities = ref([]);
      const choose = (value) => {
        tell("province", value);
        cities.value = [];
        later(asOptions(Object.keys(CHINA[value.slice(2)])), 300).then((found) => { cities.value = found; });
      };
      return { provinces: asOptions(Object.keys(CHINA)), cities, choose, held: reactive({}) };
    },
  ),
  cascader: page(form(item("所在地区", `<el-cascader :options="options" @change="value => tell('region', value.join('/'))" />`)), () => ({ options: levels(CHINA) })),
  hovered: page(form(item("所在地区", `<el-cascader :options="options" :props="{ expandTrigger: 'hover' }" @change="value => tell('region', value.join('/'))" />`)), () => ({ options: levels(CHINA) })),
  searchable: page(form(item("所在地区", `<el-cascader v-model="held.region" filterable :options="options" @change="value => tell('region', value.join('/'))" />`)), () => ({ options: levels(CHINA), held: reactive({ region: ["北京市", "市辖区", "东城区"] }) })),
  strict: page(form(item("所在地区", `<el-cascader :options="options" :props="{ checkStrictly: true }" @change="value => tell('region', value.join('/'))" />`)), () => ({ options: levels(CHINA) })),
  regions: page(form(...["发货地", "收货地", "退货地"].map((label, at) => item(label, `<el-cascader :options="options" @change="value => tell('place${at}', value.join('/'))" />`))), () => ({ options: levels(CHINA) })),
  lazy: page(
    form(item("所在地区", `<el-cascader :props="props" @change="value => tell('region', value.join('/'))" />`)),
    () => {
      const below = ({ level, pathValues }) => [() => Object.keys(CHINA), ([top]) => Object.keys(CHINA[top]), ([top, next]) => CHINA[top][next]][level](pathValues);
      const lazyLoad = (node, done) => later(below(node), 250).then((words) => done(words.map((word) => ({ value: word, label: word, leaf: node.level === 2 }))));
      return { props: { lazy: true, lazyLoad } };
    },
  ),
  ticks: page(
    form(
      item("协议", `<el-checkbox v-model="held.agreed" @change="on => tell('agreed', on)">同意代发协议</el-checkbox>`),
      item("运费险", `<el-switch v-model="held.insured" @change="on => tell('insured', on)" />`),
      item("规格", `<el-radio-group v-model="held.size" @change="size => tell('size', size)"><el-radio-button v-for="size in ['L', 'XL', 'XXL']" :key="size" :value="size">{{ size }}</el-radio-button></el-radio-group>`),
    ),
    () => ({ held: reactive({ agreed: false, insured: true, size: "" }) }),
  ),
  groups: page(
    `<el-tabs v-model="held.tab" @tab-change="key => tell('tab', key)"><el-tab-pane v-for="one in ['全部', '待付款', '已关闭']" :key="one" :name="one" :label="one">{{ one }}的订单</el-tab-pane></el-tabs>` +
    form(
      item("支付方式", `<el-radio-group v-model="held.pay" @change="value => tell('pay', value)"><el-radio v-for="way in ['支付宝', '微信', '余额']" :key="way" :value="way">{{ way }}</el-radio></el-radio-group>`),
      item("服务", `<el-checkbox-group v-model="held.services" @change="value => tell('services', value.join())"><el-checkbox v-for="one in ['七天退换', '破损包赔']" :key="one" :value="one" :label="one" /></el-checkbox-group>`),
    ),
    () => ({ held: reactive({ tab: "全部", pay: "微信", services: ["七天退换"] }) }),
  ),
  segments: page(form(item("快慢", `<el-segmented v-model="held.speed" :options="['普快', '特快']" @change="value => tell('speed', value)" />`)), () => ({ held: reactive({ speed: "普快" }) })),
  numbers: page(
    form(
      item("数量", `<el-input-number v-model="held.quantity" :min="1" :max="99" @change="value => tell('quantity', value)" />`),
      item("备注", `<el-input v-model="held.remark" maxlength="5" @input="value => tell('remark', value)" />`),
    ),
    () => ({ held: reactive({ quantity: 1, remark: "" }) }),
  ),
  dates: page(
    form(
      item("发货日期", `<el-date-picker v-model="held.date" value-format="YYYY-MM-DD" @change="value => tell('date', value)" />`),
      item("预约时间", `<el-date-picker v-model="held.time" type="datetime" value-format="YYYY-MM-DD HH:mm:ss" @change="value => tell('time', value)" />`),
      item("下单日期", `<el-date-picker v-model="held.range" type="daterange" start-placeholder="开始日期" end-placeholder="结束日期" value-format="YYYY-MM-DD" @change="value => tell('range', value.join('/'))" />`),
      `<el-button @click="order">提交</el-button>`,
    ),
    () => ({ order: () => fetch("/order", { method: "POST" }), held: reactive({ date: "", time: "", range: null }) }),
  ),
  suggestions: page(
    form(item("街道", `<el-autocomplete v-model="held.town" :fetch-suggestions="look" @input="value => tell('town', value)" @select="one => tell('town', one.value)" />`)),
    () => {
      const look = (words, show) => later(words ? ["乔司街道", "乔司街道办", "南苑街道"].filter((one) => one.startsWith(words.slice(0, 2))) : [], 200).then((found) => show(found.map((value) => ({ value }))));
      return { look, held: reactive({ town: "" }) };
    },
  ),
  table: page(
    `<div style="width: 700px"><el-table :data="rows.slice((at - 1) * 10, at * 10)">
      <el-table-column label="订单号" prop="number" fixed width="120" />
      <el-table-column label="商品" prop="goods" width="400" />
      <el-table-column label="数量" prop="pieces" width="400" />
      <el-table-column label="订单状态" prop="state" width="400" />
      <el-table-column label="操作" fixed="right" width="100"><template #default="{ row }"><a @click="tell('opened', row.number)">详情</a></template></el-table-column>
    </el-table><el-pagination v-model:current-page="at" :page-size="10" :total="rows.length" layout="total, prev, pager, next" /></div>`,
    () => ({ at: ref(1), rows: Array.from({ length: 23 }, (_, i) => ({ number: "S" + (1000 + i), goods: "收纳筐 " + "LX"[i % 2], pieces: (i % 3) + 1, state: i % 2 ? "已发货" : "待发货" })) }),
  ),
  virtual: page(
    `<div><el-table-v2 :columns="columns" :data="manyOrders" :width="700" :height="300" fixed /><p>共 {{ manyOrders.length }} 条</p></div>`,
    () => ({ manyOrders, columns: [
      { key: "number", dataKey: "number", title: "订单号", width: 120 },
      { key: "goods", dataKey: "goods", title: "商品", width: 400 },
      { key: "pieces", dataKey: "pieces", title: "数量", width: 180 },
      { key: "more", title: "操作", width: 100, cellRenderer: ({ rowData }) => Vue.h("a", { onClick: () => tell("opened", rowData.number) }, "详情") },
    ] }),
  ),
  endless: page(
    `<div style="width: 700px; height: 300px; overflow: auto" v-infinite-scroll="more" :infinite-scroll-disabled="asking || rows.length >= 310">
      <table><thead><tr><th>订单号</th><th>商品</th><th>数量</th></tr></thead>
      <tbody><tr v-for="row in rows" :key="row.id" class="table-row" style="height: 40px"><td>{{ row.number }}</td><td>{{ row.goods }}</td><td>{{ row.pieces }}</td></tr></tbody></table>
      <p v-if="asking">加载中</p></div>`,
    () => {
      const [rows, asking] = [ref(manyOrders.slice(0, 20)), ref(false)];
      const more = () => {
        asking.value = true;
        later(null, 60).then(() => { rows.value = manyOrders.slice(0, rows.value.length + 20); asking.value = false; });
      };
      return { rows, asking, more };
    },
  ),
  facts: page(`<el-descriptions border :column="2">
    <el-descriptions-item label="订单号">S1001</el-descriptions-item><el-descriptions-item label="快递单号">YT123456789012</el-descriptions-item>
    <el-descriptions-item label="收货人">张三</el-descriptions-item></el-descriptions>`),
  confirm: page(
    `<h1 v-if="done">下单成功</h1><div v-else><el-descriptions :column="1"><el-descriptions-item label="应付总额">¥10.00</el-descriptions-item></el-descriptions>
      <el-button type="primary" @click="ask">提交</el-button></div>`,
    () => {
      const done = ref(false);
      const send = () => fetch("/order", { method: "POST" }).then((answer) => later(answer, 200)).then(() => { done.value = true; });
      const ask = () => ElementPlus.ElMessageBox.confirm("确定现在下单吗", "提交前确认", { confirmButtonText: "确定", cancelButtonText: "取消" }).then(send);
      return { done, ask };
    },
  ),
  layers: page(
    `<div>${form(item("收货人", "<el-input />"))}<el-button @click="open = 'dialog'">修改地址</el-button><el-button @click="open = 'drawer'">修改快递</el-button>
      ${[["dialog", "修改地址"], ["drawer", "修改快递"]].map(([kind, title]) => `<el-${kind} title="${title}" :model-value="open === '${kind}'" @close="open = ''">
        ${form(item("收货人", `<el-input v-model="held.receiver" />`), item("快递公司", `<el-select-v2 v-model="held.carrier" :options="options" />`))}
        <template #footer><el-button @click="save">保存</el-button></template></el-${kind}>`).join("")}</div>`,
    () => {
      const open = ref("");
      const held = reactive({});
      const save = () => Promise.all(Object.entries(held).map(([name, value]) => tell(name, value))).then(() => { open.value = ""; });
      return { open, held, save, options: asOptions(carriers) };
    },
  ),
  refused: page(
    `<el-form ref="made" :model="held" :rules="rules" label-width="100px" style="width: 500px">
      <el-form-item label="手机号" prop="phone"><el-input v-model="held.phone" /></el-form-item><el-button @click="save">保存</el-button></el-form>`,
    () => {
      const made = ref();
      const rules = { phone: [{ required: true, message: "请输入手机号" }, { pattern: /^1\d{10}$/, message: "手机号格式不正确" }] };
      return { made, rules, held: reactive({ phone: "" }), save: () => made.value.validate((fine) => { if (fine) tell("sent", "yes"); }) };
    },
  ),
};

CASES.dropped_date = CASES.dates;
const wanted = new URLSearchParams(location.search).get("case");
const around = { components: { Case: CASES[wanted] }, template: "<h1>页面</h1><Case />" };
createApp(around).use(ElementPlus, { locale: ElementPlusLocaleZhCn }).mount("#root");
