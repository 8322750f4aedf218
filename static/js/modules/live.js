// Shows what a choice in the filters finds at once, in place; until this runs, and where it fails, the button does.
const PAUSE = 150;
// After this the button loads a page, which shows that something is on its way.
const PATIENCE = 8000;
// These are sent by the button beside them.
const TYPED = ["q", "place"];

export function followChoices(form) {
  const button = form.querySelector("[data-live-show]");
  const status = form.querySelector("[data-live-status]");
  let timer, asked, shown, released;

  function address() {
    const fields = [...new FormData(form)].filter(([name, value]) => value && name !== "program");
    return `${form.action}?${new URLSearchParams(fields)}`;
  }
  async function show() {
    asked?.abort();
    const mine = asked = new AbortController();
    const wanted = address();
    const patience = setTimeout(() => mine.abort(), PATIENCE);
    try {
      const answer = await fetch(wanted, { headers: { "Live-Update": "1" }, signal: mine.signal });
      if (!answer.ok) return false;
      const text = await answer.text();
      await released;
      if (mine.signal.aborted) return false;
      take(new DOMParser().parseFromString(text, "text/html"));
      history.replaceState(null, "", wanted + location.hash);
      shown = wanted;
      return true;
    } catch { return false; } finally { clearTimeout(patience); }
  }
  function take(page) {
    const title = page.querySelector("h1").textContent;
    form.querySelector("h1").textContent = title;
    form.querySelector("[data-live-part]").replaceWith(page.querySelector("[data-live-part]"));
    form.querySelectorAll("[data-facet]").forEach((old) => {
      const other = page.querySelector(`[data-facet=${old.dataset.facet}]`);
      if (other) renew(old, other);
    });
    button.textContent = page.querySelector("[data-live-show]").dataset.liveShow;
    status.textContent = title;
    document.dispatchEvent(new Event("shown"));
  }
  // A group that has the focus keeps it: there only the numbers change.
  function renew(old, other) {
    if (!old.contains(document.activeElement)) {
      if (old.querySelector("details[open]")) other.querySelector("details")?.setAttribute("open", "");
      return old.replaceWith(other);
    }
    for (const label of old.querySelectorAll("label")) {
      const same = other.querySelector(`input[value="${CSS.escape(label.control.value)}"]`);
      label.querySelector("small")?.replaceChildren(same?.dataset.count ?? 0);
    }
  }

  button.textContent = button.dataset.liveShow;
  // What was ticked while this was on its way, or brought back by the browser, is not shown yet.
  if ([...form.elements].some((field) => field.checked !== field.defaultChecked)) show();
  form.addEventListener("change", ({ target }) => {
    if (TYPED.includes(target.name)) return;
    // An answer that does not know of this choice would take it back.
    asked?.abort();
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  // Nothing is replaced under a finger that is down: what it is lifted from would not be clicked.
  form.addEventListener("pointerdown", () => {
    released = new Promise((done) => {
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(done), { once: true });
    });
  });
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (shown !== address() && !(await show())) return location.assign(address());
    location.hash = "found";
    form.querySelector("#found").focus();
  });
}
