/* The confirm page and the pay page: asks once more (as data-asks says), sends the form; and the pranks that `tricks` names, each as some real page plays it. */
(function () {
  var form = document.getElementById('order_confirm');
  var button = document.getElementById('place');
  var again = document.getElementById('fees_again');

  function body(left) {
    var fields = new URLSearchParams(new FormData(form));
    fields.append('tries_left', left);
    return fields;
  }

  // The total changes under the finger: 保价 is ticked when the button is pressed, and the fees are drawn anew.
  if (again) {
    button.addEventListener('pointerdown', function () {
      document.getElementById('fees').innerHTML = again.innerHTML;
      document.getElementById('terms').textContent = again.dataset.terms;
      form.elements[again.dataset.field || 'insurance'].value = again.dataset.insurance;
    }, { once: true });
  }

  // Sends until there is an answer, as pages do that mistrust the network.
  function insist(left) {
    var given_up = new AbortController();
    var timer = setTimeout(function () { given_up.abort(); }, 1000 * (tricks.page_retry || 0.4));
    fetch(form.action, { method: 'POST', body: body(left), signal: given_up.signal }).then(function (answer) {
      clearTimeout(timer);
      return answer.text();
    }).then(function (html) {
      document.open();
      document.write(html);
      document.close();
    }, function () {
      if (left > 0) { insist(left - 1); }
    });
  }

  function later() {
    button.disabled = true;
    button.textContent = '正在提交…';
    setTimeout(function () { form.submit(); }, 1000 * (tricks.late_post || 3));
  }

  function on_leaving() {
    addEventListener('pagehide', function () { navigator.sendBeacon(form.action, body(0)); });
  }

  form.addEventListener('submit', function (event) {
    var extra = 'browser_asks' in tricks ? [tricks.browser_asks || '该地区可能延迟发货，是否继续'] : [];
    if (!extra.concat(form.dataset.asks || []).every(function (words) { return confirm(words); })) {
      event.preventDefault();
      return;
    }
    if ('double_click' in tricks) { fetch(form.action, { method: 'POST', body: body(0), keepalive: true }); }
    if ('page_retry' in tricks || 'late_post' in tricks || 'leaving_post' in tricks) { event.preventDefault(); }
    if ('page_retry' in tricks) { insist(3); } else if ('late_post' in tricks) { later(); } else if ('leaving_post' in tricks) { on_leaving(); }
  });
})();
