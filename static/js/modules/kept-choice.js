// The choice for a sheet, kept in this tab: until "Clear", the way out, or half an hour after the last choice.
const KEY = "sheet";
const KEPT = 30 * 60 * 1000;

export function read() {
  try {
    const { slugs, at } = JSON.parse(sessionStorage.getItem(KEY));
    if (Date.now() - at < KEPT) return slugs;
    sessionStorage.removeItem(KEY);
    // Nothing kept, or storage is forbidden.
  } catch {}
  return [];
}

// Tells whether it could be kept. What is only shown again was not chosen anew: its half hour runs on.
export function keep(slugs) {
  try {
    if (!slugs.length) sessionStorage.removeItem(KEY);
    else if (read().join() !== slugs.join()) sessionStorage.setItem(KEY, JSON.stringify({ slugs, at: Date.now() }));
  } catch { return false; }
  return true;
}

// On every page, also where nothing can be chosen: an old choice goes when its time is over.
export function watchChoice() {
  read();
  setInterval(read, 60 * 1000);
}
