/** Icons of KERN that our pages use, and those that KERN lacks (postfach.css): attachment, lock, star. */
export type IconName =
  | 'account-circle'
  | 'arrow-back'
  | 'arrow-forward'
  | 'attachment'
  | 'calendar-today'
  | 'check'
  | 'checklist'
  | 'close'
  | 'danger'
  | 'dark-mode'
  | 'delete'
  | 'download'
  | 'draft'
  | 'easy-language'
  | 'help'
  | 'home'
  | 'info'
  | 'language'
  | 'lock'
  | 'light-mode'
  | 'logout'
  | 'mail'
  | 'open-in-new'
  | 'search'
  | 'sign-language'
  | 'star'
  | 'success'
  | 'visibility'
  | 'warning';

/** Decoration beside a word, never instead of one. */
export const Icon = (props: { name: IconName; size?: 'small' | 'large' }) => (
  <span
    class={`kern-icon kern-icon--${props.name}${props.size === undefined ? '' : ` kern-icon--${props.size}`}`}
    aria-hidden="true"
  />
);
