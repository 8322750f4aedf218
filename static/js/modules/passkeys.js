// Asks the browser for a passkey where it has them: shows the forms [data-passkey], and fills in the answer.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

function options(form) {
  const asked = JSON.parse(form.dataset.options);
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  if (asked.excludeCredentials) asked.excludeCredentials = described(asked.excludeCredentials);
  if (asked.allowCredentials) asked.allowCredentials = described(asked.allowCredentials);
  return { publicKey: asked };
}

function plain(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
}

async function ask(form) {
  const wrong = form.querySelector("[role=alert]");
  wrong.textContent = "";
  try {
    const credential = await navigator.credentials[form.dataset.passkey](options(form));
    form.elements.answer.value = plain(credential);
    form.submit();
  } catch (error) {
    wrong.textContent = error.name === "InvalidStateError" ? wrong.dataset.known : wrong.dataset.stopped;
  }
}

export function offerPasskeys(forms) {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  document.querySelector("[data-passkey-missing]")?.remove();
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}
