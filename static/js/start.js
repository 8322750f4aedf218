// Starts the small modules that improve a page which already works without them.
import { watchExit } from "./modules/quick-exit.js";
import { watchReturn } from "./modules/restored-page.js";
import { focusSummary } from "./modules/error-summary.js";

watchExit();
watchReturn();
focusSummary();
