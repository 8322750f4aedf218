// Starts the small modules that improve a page which already works without them.
import { watchExit } from "./modules/quick-exit.js";
import { watchReturn } from "./modules/restored-page.js";
import { focusSummary } from "./modules/error-summary.js";

watchExit();
watchReturn();
focusSummary();

// Only where a page asks for one: everybody else need not load it.
const passkeys = document.querySelectorAll("[data-passkey]");
if (passkeys.length) import("./modules/passkeys.js").then(({ offerPasskeys }) => offerPasskeys(passkeys));

const forms = document.querySelectorAll("form[data-saves]");
if (forms.length) import("./modules/saving.js").then(({ keep }) => forms.forEach(keep));
