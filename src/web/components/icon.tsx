/** Icons of KERN that our pages use. */
export type IconName =
  | 'account-circle'
  | 'arrow-back'
  | 'arrow-forward'
  | 'check'
  | 'checklist'
  | 'close'
  | 'danger'
  | 'dark-mode'
  | 'download'
  | 'easy-language'
  | 'help'
  | 'home'
  | 'info'
  | 'language'
  | 'light-mode'
  | 'logout'
  | 'mail'
  | 'open-in-new'
  | 'sign-language'
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
