/** Our sign: two upright rhombs. Not the arms of Bavaria, and not meant to look like them. */
export const Sign = () => (
  <svg class="bid-sign" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">
    <path class="bid-sign__back" d="M27 3 36.5 20 27 37 17.5 20Z" />
    <path class="bid-sign__front" d="M14 3 24 20 14 37 4 20Z" />
  </svg>
);
