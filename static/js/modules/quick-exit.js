// Leaves this site at once: by the exit links, or by Shift pressed three times on its own.
const WITHIN = 2000;

export function leave(address) {
  // Blank before anything else happens.
  document.documentElement.classList.add("is-left");
  document.title = "";
  try { sessionStorage.clear(); } catch { /* storage may be forbidden */ }
  location.replace(address);
}

export function watchExit() {
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  document.addEventListener("click", (event) => {
    const clicked = event.target.closest?.("[data-quick-exit]");
    if (!clicked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave(clicked.href);
  });
  let times = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift") { times = []; return; }
    times = [...times.filter((time) => event.timeStamp - time < WITHIN), event.timeStamp];
    if (times.length === 3) leave(link.href);
  });
}
