"""What pages are made of, what of it is clicked, and what a person would write to find it."""

from __future__ import annotations

from tests.browser.little import html

INNER = html("<p>里面</p><label>手机 <input id=it-1x></label>").replace('"', "&quot;")
ITEM = "<div class='auxo-row auxo-form-item'><div class='auxo-col auxo-form-item-label'><label for=rc_select_0 title=所在地区>所在地区</label></div>"
SELECT = """<div class='auxo-form-item-control'><div class='auxo-select' style='width:200px;height:30px;border:1px solid'>
  <div class=auxo-select-selector><span><input id=rc_select_0 role=combobox style='opacity:0;width:3px'></span>
  <span id=at-1x class=auxo-select-selection-placeholder>请选择</span></div></div></div></div>"""
TABLE = """<table id=orders><thead><tr><th>订单号<th>商品<th>状态<th>操作</thead><tbody>
  <tr><td>R1001<td>收纳筐<td id=state-1x>待发货<td><button id=ship-1x>发货</button> <a href=#1 id=detail-1x>详情</a>
  <tr><td>R1002<td id=goods-1x><span id=named-1x>衣架</span><td>已发货<td><button>发货</button> <a href=#2>详情</a>
  <tr><td>R1003<td>拖把<td>待发货<td><button>发货</button> <a href=#3>详情</a></tbody></table>"""
CARDS = """<div class=list-a8f3>
  <div class='orderCard__x7Fa2'><a class=no href=#>1688-100</a><p class=title>收纳筐</p><b class=sum>¥12.00</b><button>付款</button></div>
  <div class='orderCard__x7Fa2'><a class=no href=#>1688-101</a><p class=title id=title-1x>衣架</p>
    <b class=sum id=sum-1x>¥9.90</b><button id=pay-1x>付款</button></div>
</div>"""
IN_TABLE, IN_CARDS = "css=table#orders tbody tr", "css=[class*=orderCard]"
# what stands there · what is clicked · what a person would write · the rows it is looked for in
TYPICAL = {
    "a label for it": ("<label for=it-1x>外部单号：</label><input id=it-1x>", "#it-1x", "label=外部单号", ""),
    "a label around it": ("<label>* 收件人<input id=it-1x></label>", "#it-1x", "label=收件人", ""),
    "a label around a select": (
        "<label for=it-1x>快递公司</label><select id=it-1x><option>圆通速递<option>中通快递</select>",
        "#it-1x", "label=快递公司", "",
    ),
    "words before it in a table": ("<table><tr><td>手机：<td><input><tr><td>备注：<td><input id=it-1x></table>", "#it-1x", "label=备注", ""),
    "a placeholder alone": ("<input id=it-1x placeholder=请输入快递单号>", "#it-1x", "placeholder=请输入快递单号", ""),
    "a drawn select": (ITEM + SELECT, "#at-1x", "label=所在地区", ""),
    "a button's icon": (
        "<button>去</button><button id=b1-1x><svg id=it-1x width=30 height=20><rect width=30 height=20 />"
        "</svg> 提 交</button>",
        "#it-1x", "button=提交", "",
    ),
    "a button with nothing but a name": (
        "<button aria-label=关闭><i id=it-1x style='display:block;width:9px;height:9px'></i></button>",
        "#it-1x", "button=关闭", "",
    ),
    "a link": ("<a href=#>我的订单</a> <a href=#><span id=it-1x>一件代发</span></a>", "#it-1x", "link=一件代发", ""),
    "a tab": (
        "<div class=ant-tabs-nav><div class=ant-tabs-tab><div role=tab class=ant-tabs-tab-btn>全部</div></div>"
        "<div class=ant-tabs-tab id=it-1x style='padding:0 20px'><div role=tab class=ant-tabs-tab-btn>待付款</div>"
        "</div></div>",
        "#it-1x", "tab=待付款", "",
    ),
    "a heading": ("<h1>供货中心</h1><h2 id=it-1x>我的订单</h2>", "#it-1x", "heading=我的订单", ""),
    "a drawn tick box": (
        "<label class=el-checkbox><span class=el-checkbox__input>"
        "<input type=checkbox style='opacity:0;position:absolute;width:0;height:0'></span>"
        "<span id=it-1x>同意代发协议</span></label>",
        "#it-1x", "label=同意代发协议", "",
    ),
    "a value beside its name": ("<dl><dt>运费<dd><span>¥6.00</span><dt>应付<dd><span id=it-1x>¥18.00</span></dl>", "#it-1x", "beside=应付", ""),
    "a value in one line": ("<p>运费：6.00</p><p id=it-1x>订单号：1688-99</p>", "#it-1x", "beside=订单号", ""),
    "a hashed class": (
        "<p>你好</p><div class=wrap__k3Jd9><span id=it-1x class=productPrice__x7Fa2>¥12.00</span></div>",
        "#it-1x", "css=[class*=productPrice]", "",
    ),
    "a cell": (TABLE, "#state-1x", "column=状态", IN_TABLE),
    "words in a cell": (TABLE, "#named-1x", "column=商品", IN_TABLE),
    "a row's button": (TABLE, "#ship-1x", "button=发货", IN_TABLE),
    "a row's link": (TABLE, "#detail-1x", "link=详情", IN_TABLE),
    "a card's button": (CARDS, "#pay-1x", "button=付款", IN_CARDS),
    "a card's title": (CARDS, "#title-1x", "css=.title", IN_CARDS),
    "a card's sum": (CARDS, "#sum-1x", "css=.sum", IN_CARDS),
    "in a frame": (f'<iframe class=order srcdoc="{INNER}" width=400 height=200></iframe>', "#it-1x", "label=手机", ""),
    "in a shadow tree": (
        "<p>外面</p><div id=host></div>"
        "<script>host.attachShadow({mode: 'open'}).innerHTML = '<label>手机 <input id=it-1x></label>'</script>",
        "#it-1x", "label=手机", "",
    ),
    "a test id and a made-up id": ("<div id=r1a2 data-testid=total>18.00</div>", "[data-testid]", "test_id=total", ""),
    "words alone": ("<h1>供货中心</h1><p id=it-1x>填写订单</p>", "#it-1x", "text=填写订单", ""),
    "a box below a heading": ("<h1>查询</h1><input id=it-1x placeholder=快递单号>", "#it-1x", "placeholder=快递单号", ""),
    "a value on the line of its name": (
        "<div class=k><span>应付</span><b id=it-1x>¥8</b></div><div class=k><span>运费</span><b>¥6</b></div>",
        "#it-1x", "beside=应付", "",
    ),
    "an entry of the menu": ("<ul><li><a href=#>首页</a><li><a href=# id=it-1x>我的订单</a></ul>", "#it-1x", "link=我的订单", ""),
    "a name": ("<input name=receiver id=rc_12>", "input", "css=input[name=receiver]", ""),
}  # fmt: skip
