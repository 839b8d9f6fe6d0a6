import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DateField,
  ErrorSummary,
  Field,
  Select,
} from '../../../web/components/index.ts';
import { paths } from '../paths.ts';
import type { KontoMessages } from '../texts/konto.ts';
import { dataGroups, type DataGroup } from './DataPage.tsx';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

export type DataError = keyof KontoMessages['data']['edit']['errors'];

export interface EditDataView {
  readonly group: DataGroup;
  readonly csrf: string;
  /** As typed, or as it is now. */
  readonly values: Readonly<Record<string, string>>;
  /** By field. */
  readonly errors: Readonly<Record<string, DataError>>;
  readonly countries: readonly { readonly value: string; readonly label: string }[];
}

type Props = EditDataView & KontoFrame;

const dateParts = ['day', 'month', 'year'] as const;

const Fields = (props: Props) => {
  const { t, page, values, errors, group } = props;
  const words = t.data.edit;
  const field = (name: string) => ({
    page,
    name,
    value: values[name] ?? '',
    ...(errors[name] === undefined ? {} : { error: words.errors[errors[name]] }),
  });
  switch (group) {
    case 'name':
      return (
        <>
          <Field {...field('given_name')} label={words.name.given} autocomplete="given-name" />
          <Field {...field('family_name')} label={words.name.family} autocomplete="family-name" />
        </>
      );
    case 'birthdate': {
      const wrong = dateParts.filter((part) => errors[`birthdate-${part}`] !== undefined);
      const [error] = wrong.map((part) => errors[`birthdate-${part}`]);
      return (
        <DateField
          name="birthdate"
          legend={words.birthdate.legend}
          hint={words.birthdate.example}
          labels={words.birthdate}
          value={{
            day: values['birthdate-day'] ?? '',
            month: values['birthdate-month'] ?? '',
            year: values['birthdate-year'] ?? '',
          }}
          autocomplete="bday"
          wrong={wrong}
          {...(error === undefined ? {} : { error: words.errors[error] })}
        />
      );
    }
    case 'address':
      return (
        <>
          <Field {...field('street_address')} label={words.address.street} autocomplete="address-line1" />
          <Field {...field('postal_code')} label={words.address.postcode} autocomplete="postal-code" />
          <Field {...field('locality')} label={words.address.town} autocomplete="address-level2" />
          <Select
            name="country"
            label={words.address.country}
            value={values['country'] ?? 'DE'}
            options={props.countries}
          />
        </>
      );
    case 'phone':
      return (
        <Field
          {...field('phone_number')}
          label={words.phone.phone}
          hint={words.phone.hint}
          type="tel"
          inputmode="tel"
          autocomplete="tel"
          optional
        />
      );
  }
};

export const EditDataPage = (props: Props) => {
  const { t, page, group, errors } = props;
  const words = t.data.edit;
  const wrong = Object.entries(errors);
  return (
    <KontoLayout
      page={page}
      at="data"
      below
      title={words[group].title}
      error={wrong.length > 0}
      summary={
        wrong.length === 0 ? undefined : (
          <ErrorSummary
            title={page.common.errorSummary}
            errors={wrong.map(([field, error]) => ({ field, message: words.errors[error] }))}
          />
        )
      }
    >
      <Card>
        <form class="bid-form" method="post" action={`${paths.data}/${dataGroups[group]}`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <p class="kern-body">{words[group].lead}</p>
          {group === 'birthdate' ? <p class="kern-body">{words.birthdate.why}</p> : null}
          <Fields {...props} />
          <Actions>
            <Button>{words.save}</Button>
            <ButtonLink href={paths.data} weight="secondary">
              {t.cancel}
            </ButtonLink>
          </Actions>
        </form>
      </Card>
    </KontoLayout>
  );
};
