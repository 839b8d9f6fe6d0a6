import { Field, Select } from '../../../web/components/index.ts';
import { formatCountry } from '../../../web/i18n/format.ts';
import type { TypedField } from '../application/content.ts';
import { countryCodes } from '../application/countries.ts';
import { fieldsToType } from '../application/rules.ts';
import type { VerifiedPerson } from '../verified-person.ts';
import type { Frame } from './frame.tsx';

const completions: Readonly<Partial<Record<TypedField, string>>> = {
  street_address: 'address-line1',
  postal_code: 'postal-code',
  locality: 'address-level2',
};

/** Inputs for what the card lacks. */
export const TypedFields = (props: {
  frame: Frame;
  person: VerifiedPerson;
  given: Readonly<Record<string, string>>;
  messages: Readonly<Record<string, string>>;
}) => {
  const { frame, person, given, messages } = props;
  const { page, t } = frame;
  const { needed, optional } = fieldsToType(person);
  return (
    <>
      {[...needed, ...optional].map((field) => {
        if (field === 'nationality') {
          const countries = countryCodes
            .map((value) => ({ value, label: formatCountry(page.locale, value) }))
            .toSorted((a, b) => a.label.localeCompare(b.label, page.locale));
          return (
            <Select
              key={field}
              name={field}
              label={t.typed.labels[field]}
              value={given[field] ?? ''}
              options={[{ value: '', label: t.typed.choose }, ...countries]}
              {...(messages[field] === undefined ? {} : { error: messages[field] })}
            />
          );
        }
        const hint = field === 'birth_family_name' || field === 'mother_birth_name' ? t.typed.hints[field] : undefined;
        return (
          <Field
            key={field}
            page={page}
            name={field}
            label={t.typed.labels[field]}
            value={given[field]}
            optional={!needed.includes(field)}
            error={messages[field]}
            {...(hint === undefined ? {} : { hint })}
            {...(field === 'postal_code' ? { inputmode: 'numeric' as const } : {})}
            {...(completions[field] === undefined ? {} : { autocomplete: completions[field] })}
          />
        );
      })}
    </>
  );
};
