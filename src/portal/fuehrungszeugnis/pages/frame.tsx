import type { ComponentChildren } from 'preact';
import { ErrorSummary, Icon, Layout, type LayoutProps, type Refusal } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { FieldErrors } from '../application/forms.ts';
import { KeptNotice } from '../../relying-party/pages/kept-notice.tsx';
import { paths } from '../citizen/paths.ts';
import type { FuehrungszeugnisMessages } from '../i18n/messages.ts';

/** What every page of an application gets besides its view. */
export interface Frame {
  readonly page: PageContext;
  readonly t: FuehrungszeugnisMessages;
  /** For the hidden field of forms. */
  readonly csrf: string;
  /** Origin of Bayern-Portal. */
  readonly portal: string;
}

/** A page of the application, with the way back to its tasks. */
export const StepLayout = (
  props: {
    frame: Frame;
    children: ComponentChildren;
    /** What was typed is shown again, after a stronger login. */
    kept?: boolean | undefined;
  } & Pick<LayoutProps, 'title' | 'error' | 'summary'>,
) => {
  const { frame, children, kept, ...layout } = props;
  return (
    <Layout page={frame.page} {...layout}>
      <p class="bid-return">
        <a class="bid-navlink" href={paths.tasks}>
          <Icon name="arrow-back" />
          {frame.t.cancel}
        </a>
      </p>
      {kept === true ? <KeptNotice page={frame.page} /> : null}
      {children}
    </Layout>
  );
};

/** The message of each field that is wrong. */
export const messagesOf = (
  { t }: Frame,
  errors: FieldErrors,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(errors).map(([field, error]) => [field, t.errors[error]({ label: labels[field] ?? field })]),
  );

/** What the layout shows of a form with wrong fields. */
export const refusalOf = ({ page }: Frame, messages: Readonly<Record<string, string>>): Refusal => {
  const errors = Object.entries(messages).map(([field, message]) => ({ field, message }));
  return errors.length === 0
    ? {}
    : { error: true, summary: <ErrorSummary title={page.common.errorSummary} errors={errors} /> };
};

export const Csrf = ({ frame }: { frame: Frame }) => <input type="hidden" name="csrf" value={frame.csrf} />;
