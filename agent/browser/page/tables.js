// Tables: rows, cells through colspans and rowspans, headers that live in another table.

const grids = new Map();
const headings = new Map(); // table → words → columns
const rowsOf = (table) => (is(table, "TABLE") ? [...table.rows] : all(table, "[role=row]"));
const cellsOf = (row) => (row.cells ? [...row.cells] : [...row.querySelectorAll("[role=cell], [role=gridcell], [role=columnheader]")]);
const gridOf = (table) => {
  if (grids.has(table)) return grids.get(table);
  const grid = new Map(); // row → cells by column, cells spanning from above included
  const pending = [];
  for (const row of rowsOf(table)) {
    const line = [];
    pending.forEach((span, column) => { if (span && span.left > 0) { line[column] = span.cell; span.left -= 1; } });
    let column = 0;
    for (const cell of cellsOf(row)) {
      while (line[column]) column += 1;
      for (let i = 0; i < (cell.colSpan || 1); i += 1) {
        line[column + i] = cell;
        pending[column + i] = { cell, left: (cell.rowSpan || 1) - 1 };
      }
    }
    grid.set(row, line);
  }
  grids.set(table, grid);
  return grid;
};
const HEADER = "th, [role=columnheader]";
const headersFor = (table) => {
  const own = all(table, HEADER).filter((th) => !th.closest("tbody") || !table.tHead);
  if (own.length) return own;
  // component libraries keep the header in a table of its own, a few levels up
  for (let up = table.parentElement, i = 0; up && i < 6; up = up.parentElement, i += 1) {
    const near = all(up, HEADER);
    if (near.length) return near;
  }
  return [];
};
const underHeader = (row, locator) => {
  const table = row.closest("table, [role=table], [role=grid]");
  if (!table) return underDrawnHeader(row, locator);
  const line = gridOf(table).get(row.closest("tr, [role=row]")) || [];
  return once([...columnsUnder(table, locator)].map((column) => line[column]).filter(Boolean));
};
const underDrawnHeader = (row, locator) => { // rows of plain boxes, as many in each as the header above them has columns
  const rows = row.parentElement;
  const cells = [...row.children];
  if (!rows || cells.length !== headersFor(rows).length) return [];
  return [...columnsUnder(rows, locator)].map((column) => cells[column]).filter(Boolean);
};
const columnsUnder = (table, locator) => {
  if (!headings.has(table)) headings.set(table, new Map());
  const known = headings.get(table);
  if (known.has(locator.words)) return known.get(locator.words);
  const { test } = wanted(locator);
  const columns = new Set();
  for (const header of headersFor(table).filter((th) => test(th.innerText))) {
    const line = gridOf(header.closest("table, [role=table], [role=grid]")).get(header.closest("tr, [role=row]")) || [];
    line.forEach((cell, column) => { if (cell === header) columns.add(column); });
  }
  known.set(locator.words, columns);
  return columns;
};
