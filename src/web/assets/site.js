// Small comforts; every page works without them.

for (const box of document.querySelectorAll('.bid-password')) {
  const input = box.querySelector('input');
  const { show, hide, showLabel, hideLabel } = box.dataset;
  if (!input || !show || !hide) continue;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'bid-password__toggle';
  input.autocapitalize = 'none';
  const tell = (visible) => {
    button.textContent = visible ? hide : show;
    button.setAttribute('aria-label', (visible ? hideLabel : showLabel) ?? '');
  };
  tell(false);
  button.addEventListener('click', () => {
    const visible = input.type === 'password';
    input.type = visible ? 'text' : 'password';
    tell(visible);
  });
  // A password left readable would be offered to the browser's history of ordinary fields.
  input.form?.addEventListener('submit', () => {
    input.type = 'password';
    tell(false);
  });
  box.append(button);
}

// An answer on its way to a service needs nobody's click.
document.querySelector('form[data-send="at-once"]')?.requestSubmit();

// What is shown once can be taken along.
for (const button of document.querySelectorAll('button[data-print], button[data-copy]')) {
  button.hidden = false;
  const { copy, copied } = button.dataset;
  const tell = () => {
    const status = document.getElementById(`${copy}-status`);
    if (status) status.textContent = copied;
  };
  button.addEventListener('click', () => {
    if (copy === undefined) print();
    else void navigator.clipboard.writeText(document.getElementById(copy)?.innerText ?? '').then(tell);
  });
}

// A double click sends a form once.
for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener('pageshow', () => {
    sent = false;
  });
}
