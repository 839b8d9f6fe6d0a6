import { Actions, Alert, Button, Card, Choice, ErrorSummary, Layout } from '../../../web/components/index.ts';
import type { AssignView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';

export const AssignPage = (props: AssignView & Frame) => {
  const { t, page, error } = props;
  const words = t.assign;
  return (
    <Layout
      page={page}
      title={words.title}
      error={error !== undefined}
      summary={
        error === undefined ? undefined : (
          <ErrorSummary title={words.errorTitle} errors={[{ message: words.error, field: 'answer' }]} />
        )
      }
      service={<Service {...props} />}
    >
      <Card>
        <p class="kern-body">{words.lead({ card: props.cardName })}</p>
        <form class="bid-form" method="post" action={`${props.base}/zuordnen`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Choice
            name="answer"
            legend={words.question}
            options={[
              { value: 'existing', label: words.existing, hint: words.existingHint },
              { value: 'new', label: words.new, hint: words.newHint },
              ...(props.guests ? [{ value: 'guest', label: words.guest, hint: words.guestHint }] : []),
            ]}
            {...(error === undefined ? {} : { error: words.error })}
          />
          <Alert tone="info" title={words.warning} />
          <Actions>
            <Button>{words.button}</Button>
          </Actions>
        </form>
      </Card>
      <Back {...props} />
    </Layout>
  );
};
