// The programs chosen for a sheet: put on it and taken off it here, shown in the bar, sent along with forms.
function field(slug) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "program", value: slug });
  return input;
}

function show(bar, slugs) {
  for (const button of document.querySelectorAll("[data-sheet-put]")) {
    button.firstElementChild.textContent = slugs.includes(button.value) ? bar.dataset.off : bar.dataset.put;
  }
  bar.querySelector("[data-sheet-count]").textContent = slugs.length;
  const isSheet = Boolean(document.querySelector("[data-sheet-is]:not([data-sheet-is=''])"));
  bar.hidden = isSheet || !slugs.length;
  // It keeps what it shows.
  if (isSheet) return;
  for (const fields of document.querySelectorAll("[data-sheet-fields]")) fields.replaceChildren(...slugs.map(field));
}

// `read` and `keep` are those of kept-choice.js, which is on every page.
export function followSheet(bar, { read, keep }) {
  const answer = document.querySelector("[data-sheet-is]");
  if (answer) keep(answer.dataset.sheetIs.split(" ").filter(Boolean));
  const sent = [...bar.querySelectorAll("input[name=program]")].map((input) => input.value);
  if (sent.length) keep([...new Set([...read(), ...sent])]);
  show(bar, read());
  document.addEventListener("click", (event) => {
    // Emptied at once, whatever the answer.
    if (event.target.closest?.("[name=clear]")) keep([]);
    const button = event.target.closest?.("[data-sheet-put]");
    if (!button) return;
    const slugs = read();
    const next = slugs.includes(button.value) ? slugs.filter((slug) => slug !== button.value) : [...slugs, button.value];
    // Without storage the button sends its form.
    if (!keep(next)) return;
    event.preventDefault();
    show(bar, next);
  });
  setInterval(() => show(bar, read()), 60 * 1000);
  // When other results came.
  document.addEventListener("shown", () => show(bar, read()));
}
