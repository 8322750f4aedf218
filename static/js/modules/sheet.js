// The programs chosen for a sheet, kept in this tab until "Clear", the way out, or half an hour without a choice.
const KEY = "sheet";
const KEPT = 30 * 60 * 1000;

function read() {
  try {
    const { slugs, at } = JSON.parse(sessionStorage.getItem(KEY));
    if (Date.now() - at < KEPT) return slugs;
    sessionStorage.removeItem(KEY);
  } catch { /* nothing kept, or storage is forbidden */ }
  return [];
}

function keep(slugs) {
  try {
    if (slugs.length) sessionStorage.setItem(KEY, JSON.stringify({ slugs, at: Date.now() }));
    else sessionStorage.removeItem(KEY);
  } catch { return false; }
  return true;
}

function field(slug) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "program", value: slug });
  return input;
}

function show(bar, slugs) {
  for (const button of document.querySelectorAll("[data-sheet-put]")) {
    const isOn = slugs.includes(button.value);
    button.querySelector("[data-sheet-label]").textContent = isOn ? button.dataset.off : button.dataset.sheetPut;
  }
  if (!bar) return;
  bar.querySelector("[data-sheet-count]").textContent = slugs.length;
  const isSheet = Boolean(document.querySelector("[data-sheet-is]:not([data-sheet-is=''])"));
  bar.hidden = isSheet || !slugs.length;
  if (isSheet) return; // it keeps what it shows
  for (const fields of document.querySelectorAll("[data-sheet-fields]")) fields.replaceChildren(...slugs.map(field));
}

function watchChoice() {
  const bar = document.querySelector("[data-sheet-bar]");
  const answer = document.querySelector("[data-sheet-is]");
  if (answer) keep(answer.dataset.sheetIs.split(" ").filter(Boolean));
  if (bar) {
    const sent = [...bar.querySelectorAll("input[name=program]")].map((input) => input.value);
    if (sent.length) keep([...new Set([...read(), ...sent])]);
  }
  show(bar, read());
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[name=clear]")) keep([]); // at once, whatever the answer
    const button = event.target.closest?.("[data-sheet-put]");
    if (!button) return;
    const slugs = read();
    const next = slugs.includes(button.value) ? slugs.filter((slug) => slug !== button.value) : [...slugs, button.value];
    if (!keep(next)) return; // without storage the button sends its form
    event.preventDefault();
    show(bar, next);
  });
  setInterval(() => show(bar, read()), 60 * 1000);
}

function watchText() {
  const text = document.querySelector("#sheet-text");
  const deeds = document.querySelector("[data-sheet-send]");
  if (!text || !deeds) return;
  const status = deeds.querySelector("[data-sheet-status]");
  const share = deeds.querySelector("[data-sheet-share]");
  const sms = deeds.querySelector("[data-sheet-sms]");
  deeds.hidden = false;
  share.hidden = !navigator.share;
  deeds.querySelector("[data-sheet-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      status.textContent = status.dataset.done;
    } catch {
      text.select();
      status.textContent = status.dataset.failed;
    }
  });
  share.addEventListener("click", () => navigator.share({ text: text.value }).catch(() => {}));
  sms.addEventListener("click", () => { sms.href = `sms:?&body=${encodeURIComponent(text.value)}`; });
}

watchChoice();
watchText();
