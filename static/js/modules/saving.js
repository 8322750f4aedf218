// Saves a form every few seconds while somebody writes (data-saves), and holds a page back that cannot be sent:
// with a lost connection the browser would leave it, and what was typed with it.
const PAUSE = 4000;

export function keep(form) {
  const state = form.querySelector("[data-save-state]");
  let changed = false, going = false, timer = 0;

  async function save(options = {}) {
    changed = false;
    say(form.dataset.saving);
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, ...options });
      if (!answer.ok) throw new Error(answer.status);
      say(`${form.dataset.saved} ${new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })}`);
      return true;
    } catch {
      changed = true;
      say(form.dataset.failed);
      later();
      return false;
    }
  }
  function say(words) {
    if (state.textContent !== words) state.textContent = words;
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => changed && !going && save(), PAUSE);
  }

  form.addEventListener("input", () => { changed = true; later(); });
  // Somebody may have begun to write before this script was there.
  changed = [...form.elements].some((field) =>
    /checkbox|radio/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== (field.defaultValue ?? field.value));
  if (changed) later();
  addEventListener("online", () => changed && save());
  addEventListener("pagehide", () => changed && !going && save({ keepalive: true }));
  addEventListener("pageshow", () => { going = false; });
  form.addEventListener("submit", async (event) => {
    if (going) return;
    event.preventDefault();
    const button = event.submitter;
    if (!(await save())) return;
    going = true;
    form.requestSubmit(button);
  });
}
