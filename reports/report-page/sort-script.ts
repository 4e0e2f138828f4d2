/** Sorting by a click on a column's title, or by the keyboard, since it is a button. The page says everything without it. */

/** Rows go by the exact value of a cell, numbers before words; a second click turns the order round. */
export const SORT_SCRIPT: string = `
for (const button of document.querySelectorAll('th button')) button.addEventListener('click', () => {
  const th = button.parentElement, table = th.closest('table'), body = table.tBodies[0];
  const at = [...th.parentElement.children].indexOf(th);
  const up = th.getAttribute('aria-sort') !== 'ascending';
  for (const each of th.parentElement.children) each.removeAttribute('aria-sort');
  th.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const isNumber = th.classList.contains('n');
  const keyed = [...body.rows].map((row) => [row, row.cells[at].dataset.v]);
  keyed.sort(([, a], [, b]) => {
    if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
    const order = isNumber ? a - b : a < b ? -1 : a > b ? 1 : 0;
    return up ? order : -order;
  });
  for (const [row] of keyed) body.append(row);
});
`.trim();
