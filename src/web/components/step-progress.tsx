/** How far a journey of several pages is: in words, and as a bar beside them. */
export const StepProgress = (props: { label: string; step: number; of: number }) => (
  <div class="kern-progress bid-progress">
    <label class="kern-label" for="fortschritt">
      {props.label}
    </label>
    <progress id="fortschritt" value={props.step} max={props.of} />
  </div>
);
