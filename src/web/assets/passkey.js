// Passkeys: forms get their answer from the browser's credential API. A page that has none of this says so itself.

const forms = [...document.querySelectorAll('form[data-passkey]')];

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

const requestOf = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  allowCredentials: known(options.allowCredentials),
});

const orderOf = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  user: { ...options.user, id: bytes(options.user.id) },
  excludeCredentials: known(options.excludeCredentials),
});

const answerOf = ({ id, rawId, type, response }) => {
  const { attestationObject, authenticatorData, signature, userHandle } = response;
  return JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      ...(attestationObject
        ? { attestationObject: text(attestationObject), transports: response.getTransports?.() ?? [] }
        : {}),
      ...(signature ? { authenticatorData: text(authenticatorData), signature: text(signature) } : {}),
      ...(userHandle ? { userHandle: text(userHandle) } : {}),
    },
  });
};

/** Autofill waits as long as the page is open, and the browser asks one question at a time. */
let waiting = new AbortController();

const send = (form, credential) => {
  form.elements.answer.value = answerOf(credential);
  form.requestSubmit();
};

const ask = async (form) => {
  const { kind, options } = JSON.parse(form.dataset.passkey);
  const status = form.querySelector('[role="status"]');
  status.textContent = '';
  waiting.abort();
  try {
    const credential =
      kind === 'create'
        ? await navigator.credentials.create({ publicKey: orderOf(options) })
        : await navigator.credentials.get({ publicKey: requestOf(options) });
    send(form, credential);
  } catch (error) {
    const { failed, taken } = status.dataset;
    status.textContent = (error.name === 'InvalidStateError' && taken) || failed;
    void autofill();
  }
};

const autofill = async () => {
  const form = forms.find(({ dataset }) => 'autofill' in dataset);
  if (!form || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  waiting = new AbortController();
  const { options } = JSON.parse(form.dataset.passkey);
  try {
    const publicKey = requestOf(options);
    send(form, await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: waiting.signal }));
  } catch {
    // Another way was taken.
  }
};

if (globalThis.PublicKeyCredential) {
  for (const form of forms) {
    // What a browser has kept of an earlier visit was answered then.
    form.elements.answer.value = '';
    const box = form.closest('[data-passkey-box]');
    if (box) box.hidden = false;
  }
  for (const note of document.querySelectorAll('[data-passkey-missing]')) note.hidden = true;
  // Before the form itself hears of it, so that a first press does not count as sent.
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      if (!forms.includes(form) || form.elements.answer.value !== '') return;
      event.preventDefault();
      void ask(form);
    },
    true,
  );
  void autofill();
}
