// Completes what is typed in a field (combobox with a list, by the ARIA Authoring Practices); Enter takes what is marked.
const PAUSE = 120;

export function complete(input) {
  const list = document.createElement("ul");
  const address = new URL("suggestions", input.form.action);
  let marked = -1, timer, asked;

  Object.assign(list, { id: `${input.id}-list`, className: "completions", role: "listbox", hidden: true });
  list.setAttribute("aria-label", input.dataset.list);
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }

  function open(texts) {
    list.replaceChildren(...texts.map((text, at) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `${list.id}-${at}`, role: "option", textContent: text });
      return option;
    }));
    list.hidden = !texts.length;
    input.setAttribute("aria-expanded", !list.hidden);
    mark(-1);
  }
  function close() {
    clearTimeout(timer);
    asked?.abort();
    open([]);
  }
  function mark(at) {
    marked = at;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", number === at));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
  function take(option) {
    input.value = option.textContent;
    close();
  }
  async function ask() {
    asked?.abort();
    asked = new AbortController();
    if (!input.value.trim()) return close();
    address.search = new URLSearchParams({ q: input.value, kind: input.dataset.completes });
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: asked.signal });
      const texts = (await answer.json()).map(({ text }) => text);
      if (document.activeElement === input) open([...new Set(texts)]);
    // One can search without.
    } catch {}
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    const { key } = event;
    if (key === "ArrowDown" && last < 0) ask();
    else if (key === "ArrowDown") mark(marked < last ? marked + 1 : 0);
    else if (key === "ArrowUp" && last >= 0) mark(marked > 0 ? marked - 1 : last);
    else if (key === "Enter" && marked >= 0) take(list.children[marked]);
    else if (key === "Escape" && last >= 0) close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  // The field keeps the focus.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) take(option);
  });
  // What was typed while this was on its way is completed too.
  if (document.activeElement === input && input.value !== input.defaultValue) ask();
}
