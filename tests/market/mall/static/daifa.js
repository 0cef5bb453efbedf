/* The order form: dependent region selects, specifications by product number, a basket of hidden inputs. */
(function () {
  var $ = function (id) { return document.getElementById(id); };
  var selects = [$('selProvinces_0'), $('selCities_0'), $('selDistricts_0')];
  var loaded = '';
  var stock = {};

  function ask(address, then) {
    fetch(address).then(function (answer) { return answer.json(); }).then(then, function () {
      $('goods_name').textContent = '网络错误，请刷新重试';
    });
  }

  function empty(select) { select.options.length = 1; }

  function fill(select, regions) {
    empty(select);
    regions.forEach(function (region) { select.add(new Option(region.name, region.id)); });
  }

  selects.slice(0, 2).forEach(function (select, level) {
    select.onchange = function () {
      selects.slice(level + 1).forEach(empty);
      if (!select.value) { return; }
      ask('/region.php?parent=' + select.value, function (regions) { fill(selects[level + 1], regions); });
    };
  });

  $('outer_sn').onblur = function () {
    var number = $('outer_sn');
    if (!number.value) { return; }
    ask('/daifa.php?act=check_sn&outer_sn=' + encodeURIComponent(number.value), function (answer) {
      if (answer.longest) {
        number.maxLength = answer.longest;
        number.value = number.value.slice(0, answer.longest);
      }
      $('outer_sn_hint').textContent = answer.known ? '提示：该单号已下过单' : '';
    });
  };

  function draw(product) {
    var place = $('goods_attr');
    place.textContent = '';
    stock = {};
    $('goods_name').textContent = product.error || product.title;
    (product.specs || []).forEach(function (spec, at) {
      stock[spec.name] = spec.stock;
      var line = place.appendChild(document.createElement('div'));
      var label = line.appendChild(document.createElement('label'));
      var radio = label.appendChild(document.createElement('input'));
      radio.type = 'radio';
      radio.name = 'goods_attr';
      radio.value = spec.name;
      radio.id = 'spec_' + at;
      label.appendChild(document.createTextNode(' ' + spec.name));
      var hint = line.appendChild(document.createElement('span'));
      hint.className = 'grey';
      hint.textContent = spec.price + '　库存 ' + spec.stock;
    });
  }

  $('goods_sn').onblur = function () {
    var number = $('goods_sn').value.trim();
    if (!number || number === loaded) { return; }
    loaded = number;
    $('goods_name').textContent = '正在读取…';
    ask('/goods.php?goods_sn=' + encodeURIComponent(number), draw);
  };

  function chosen() {
    var radio = $('goods_attr').querySelector('input:checked');
    return radio ? radio.value : '';
  }

  function refused() {
    var wanted = Number($('goods_number').value);
    if (!$('goods_sn').value.trim()) { return '请输入货号'; }
    if (!chosen()) { return '请选择规格'; }
    if (!(wanted >= 1)) { return '请输入正确的数量'; }
    return wanted > stock[chosen()] ? '库存不足，仅剩' + stock[chosen()] + '件' : '';
  }

  function cell(row, text, field) {
    var td = row.insertCell();
    td.textContent = text;
    if (!field) { return; }
    var hidden = td.appendChild(document.createElement('input'));
    hidden.type = 'hidden';
    hidden.name = field;
    hidden.value = text;
  }

  function add() {
    var row = $('basket').tBodies[0].insertRow();
    cell(row, $('goods_sn').value.trim(), 'goods_sn[]');
    cell(row, $('goods_name').textContent);
    cell(row, chosen(), 'goods_attr[]');
    cell(row, $('goods_number').value.trim(), 'goods_number[]');
    var remove = row.insertCell().appendChild(document.createElement('a'));
    remove.href = 'javascript:;';
    remove.textContent = '删除';
    remove.onclick = function () { row.remove(); count(); };
    clear();
    count();
  }

  function clear() {
    loaded = '';
    $('goods_sn').value = '';
    $('goods_number').value = '1';
    $('goods_attr').textContent = '';
    $('goods_name').textContent = '输入货号后自动带出规格';
  }

  function count() { $('basket_empty').hidden = $('basket').tBodies[0].rows.length > 0; }

  $('add_goods').onclick = function () {
    var why = refused();
    if (why) { alert(why); } else { add(); }
  };

  $('daifa').onsubmit = function () {
    var missing = ['consignee', 'mobile', 'address', 'selDistricts_0'].some(function (id) { return !$(id).value.trim(); });
    if (missing) { alert('请填写完整的收货信息'); return false; }
    if (!$('basket').tBodies[0].rows.length) { alert('请先添加商品'); return false; }
    return true;
  };
})();
