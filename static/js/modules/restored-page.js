// A page brought back by the "back" button blanks itself and is asked for anew; one with a form that keeps
// what was typed (data-keeps) stays as it is.
export function watchReturn() {
  addEventListener("pageshow", (event) => {
    if (!event.persisted || document.querySelector("form[data-keeps]")) return;
    document.documentElement.classList.add("is-left");
    location.reload();
  });
}
