import { Button, Card, DateField, ErrorSummary, Field, Layout } from '../../../../web/components/index.ts';
import type { PersonField } from '../person.ts';
import type { RegisterPersonView } from '../views.ts';
import { Leave, Progress, ServiceOf, type Frame } from './frame.tsx';

const dateParts = ['day', 'month', 'year'] as const;

export const RegisterPersonPage = (props: RegisterPersonView & Frame) => {
  const { t, page, typed, faults } = props;
  const words = t.person;
  const message = (field: PersonField): string | undefined => {
    const fault = faults.find((other) => other.field === field);
    return fault && words.fault[fault.what];
  };
  const text = (name: PersonField) => {
    const error = message(name);
    return { page, name, value: typed[name], ...(error === undefined ? {} : { error }) };
  };
  const wrong = dateParts.filter((part) => message(`birthdate-${part}`) !== undefined);
  const dateMessages = wrong.map((part) => message(`birthdate-${part}`)).filter((found) => found !== undefined);
  return (
    <Layout
      page={page}
      title={words.title}
      error={faults.length > 0}
      summary={
        faults.length === 0 ? undefined : (
          <ErrorSummary
            title={page.common.errorSummary}
            errors={faults.map(({ field, what }) => ({ message: words.fault[what], field }))}
          />
        )
      }
      service={<ServiceOf {...props} />}
    >
      <Progress {...props} step={3} />
      <p class="bid-lead">{words.lead}</p>
      <Card>
        <form class="bid-form" method="post" action={`${props.base}/registrieren/angaben`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field {...text('given_name')} label={words.given} hint={words.givenHint} autocomplete="given-name" />
          <Field {...text('family_name')} label={words.family} autocomplete="family-name" />
          <DateField
            name="birthdate"
            legend={words.birth.legend}
            hint={words.birth.hint}
            labels={words.birth}
            value={{
              day: typed['birthdate-day'],
              month: typed['birthdate-month'],
              year: typed['birthdate-year'],
            }}
            autocomplete="bday"
            wrong={wrong}
            {...(dateMessages.length === 0 ? {} : { error: dateMessages.join(' ') })}
          />
          <Field {...text('street_address')} label={words.street} autocomplete="address-line1" optional />
          <Field {...text('postal_code')} label={words.postal} autocomplete="postal-code" optional />
          <Field {...text('locality')} label={words.locality} autocomplete="address-level2" optional />
          <Button>{t.next}</Button>
        </form>
      </Card>
      <div class="bid-back">
        <Leave {...props} />
      </div>
    </Layout>
  );
};
