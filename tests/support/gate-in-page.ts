/**
 * What the gate runs inside a page. Each function is sent as text, so it uses nothing from around it.
 */

export interface ControlReport {
  readonly name: string;
  readonly visible: boolean;
}

/** Measures the page as it is now laid out. */
export const measureControls = (): { overflow: string[]; small: string[]; unsendable: string[] } => {
  const nameOf = (element: Element): string =>
    `${element.tagName.toLowerCase()}${element.id === '' ? '' : `#${element.id}`} “${(element.textContent || element.getAttribute('name') || '').trim().slice(0, 40)}”`;
  const overflow: string[] = [];
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const widest = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .at(-1);
    overflow.push(`${scrollWidth} px wide: ${widest === undefined ? 'unknown' : nameOf(widest)}`);
  }

  /** A link amid words is as high as its line. */
  const inText = (element: Element): boolean =>
    element.tagName === 'A' &&
    getComputedStyle(element).display === 'inline' &&
    [...(element.parentElement?.childNodes ?? [])].some(
      (node) => node !== element && (node.textContent ?? '').trim() !== '',
    );
  const small = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return (width < 24 || height < 24) && !inText(element);
    })
    .map((element) => {
      const { width, height } = element.getBoundingClientRect();
      return `${nameOf(element)} is ${Math.round(width)} × ${Math.round(height)} px`;
    });

  const unsendable = [...document.forms]
    .filter((form) => ![...form.elements].some((element) => (element as HTMLButtonElement).type === 'submit'))
    .map((form) => `no button sends the form to ${form.getAttribute('action') ?? ''}`);
  return { overflow, small, unsendable };
};

/**
 * Puts the focus on the first control, and from then on writes down in `gateFocus` which gets it and whether that can
 * be seen. Answers with the names of the controls in the order of the document.
 */
export const keyboardRecorder = (): string[] => {
  const seen: ControlReport[] = [];
  Object.assign(globalThis, { gateFocus: seen });
  const selector =
    'a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable]';
  const groups = new Set<string>();
  const controls = [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => {
    if (element.tabIndex < 0 && !element.hasAttribute('href')) return false;
    if (element.hasAttribute('disabled') || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element instanceof HTMLInputElement && element.type === 'radio') {
      // The group is one stop: the chosen one, else the first.
      const group = `${element.form?.action ?? ''} ${element.name}`;
      const all = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')].filter(
        (other) => other.name === element.name && other.form === element.form,
      );
      if (groups.has(group) || (all.some(({ checked }) => checked) && !element.checked)) return false;
      groups.add(group);
    }
    return true;
  });
  const nameOf = (element: Element): string => {
    const place = controls.indexOf(element as HTMLElement);
    const text = (element.textContent || element.getAttribute('name') || '').trim().slice(0, 40);
    return `${place} ${element.tagName.toLowerCase()} “${text}”`;
  };
  const look = (element: Element): string =>
    [undefined, '::before', '::after']
      .map((part) => {
        const style = getComputedStyle(element, part);
        const outline = style.outlineStyle === 'none' ? 'none' : `${style.outlineWidth} ${style.outlineColor}`;
        return `${outline} ${style.boxShadow} ${style.borderColor}`;
      })
      .join(';');
  const before = new Map(controls.map((element) => [element as Element, look(element)]));
  controls[0]?.focus();
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    seen.push({ name: nameOf(target), visible: look(target) !== before.get(target) });
  });
  return controls.map(nameOf);
};
