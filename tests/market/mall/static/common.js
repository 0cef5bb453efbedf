/* What every page of the mall does: the notice that comes a little after the page. */
(function () {
  var notice = document.getElementById('notice');
  if (!notice) { return; }
  setTimeout(function () { notice.hidden = false; }, Number(notice.dataset.delay));
  notice.querySelector('.close').onclick = function () { notice.remove(); };
})();
