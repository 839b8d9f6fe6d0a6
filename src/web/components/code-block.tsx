/**
 * A program, a file or a message as it is. Wide lines scroll, by keyboard too; with `wrap`, for what is one line to be
 * copied, they break. `label` says to screen readers what it is.
 */
export const CodeBlock = (props: { label: string; text: string; wrap?: boolean }) => (
  <section class={props.wrap === true ? 'bid-pre bid-pre--wrap' : 'bid-pre'} aria-label={props.label} tabIndex={0}>
    <pre>
      <code>{props.text}</code>
    </pre>
  </section>
);
