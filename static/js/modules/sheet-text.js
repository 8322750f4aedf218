// Copies the text of a sheet, or hands it to the device's own ways of sending; only on the page of the sheet.
export function offerText(text) {
  const deeds = document.querySelector("[data-sheet-send]");
  const status = deeds.querySelector("[data-sheet-status]");
  const share = deeds.querySelector("[data-sheet-share]");
  const sms = deeds.querySelector("[data-sheet-sms]");
  deeds.hidden = false;
  share.hidden = !navigator.share;
  deeds.querySelector("[data-sheet-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      status.textContent = status.dataset.done;
    } catch {
      text.select();
      status.textContent = status.dataset.failed;
    }
  });
  share.addEventListener("click", () => navigator.share({ text: text.value }).catch(() => {}));
  sms.addEventListener("click", () => { sms.href = `sms:?&body=${encodeURIComponent(text.value)}`; });
}
