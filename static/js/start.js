// Starts the small modules that improve a page which already works without them.
import { watchExit } from "./modules/quick-exit.js";
import { watchReturn } from "./modules/restored-page.js";
import { focusSummary } from "./modules/error-summary.js";
import { keep, read, watchChoice } from "./modules/kept-choice.js";

watchExit();
watchReturn();
focusSummary();
watchChoice();

// The switch of languages keeps what a page has put into its address since it was loaded, and words not sent yet.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[hreflang]");
  if (!link) return;
  const query = new URLSearchParams(location.search);
  for (const { name, value, defaultValue } of document.querySelectorAll("[data-live] [data-completes]")) {
    if (value !== defaultValue) query.set(name, value);
  }
  link.search = query;
});

// Only where a page asks for one: everybody else need not load it.
const passkeys = document.querySelectorAll("[data-passkey]");
if (passkeys.length) import("./modules/passkeys.js").then(({ offerPasskeys }) => offerPasskeys(passkeys));

const bar = document.querySelector("[data-sheet-bar]");
if (bar) import("./modules/sheet.js").then(({ followSheet }) => followSheet(bar, { read, keep }));

const sheet = document.querySelector("#sheet-text");
if (sheet) import("./modules/sheet-text.js").then(({ offerText }) => offerText(sheet));

const forms = document.querySelectorAll("form[data-saves]");
if (forms.length) import("./modules/saving.js").then(({ keep }) => forms.forEach(keep));

const results = document.querySelector("[data-live]");
if (results) import("./modules/live.js").then(({ followChoices }) => followChoices(results));

const fields = document.querySelectorAll("[data-completes]");
if (fields.length) import("./modules/combobox.js").then(({ complete }) => fields.forEach(complete));
