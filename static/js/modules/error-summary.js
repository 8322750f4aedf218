// Brings the list of mistakes into view and into the hearing of a screen reader.
export function focusSummary() {
  document.querySelector("[data-focus]")?.focus();
}
