"use strict";
// Sorts tables by a click on a heading and filters them by text. Without it the
// page is complete; with it the order and the choice of rows change, no more.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const status = document.createElement("span");
  status.className = "sr";
  status.setAttribute("role", "status");
  const key = (row, i) => row.cells[i].dataset.sort ?? row.cells[i].textContent.trim();
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => key(a, i).localeCompare(key(b, i), "en", { numeric: true }));
      body.append(...(down ? rows.reverse() : rows));
    });
  });
  if (body.rows.length > 5) {
    const label = document.createElement("label");
    label.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    label.append("Filter rows ", input, status);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      let shown = 0;
      for (const row of body.rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) shown++;
      }
      status.textContent = shown + " of " + body.rows.length + " rows";
    });
    table.parentElement.before(label);
  }
}
