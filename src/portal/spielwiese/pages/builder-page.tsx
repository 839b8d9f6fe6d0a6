import type { VNode } from 'preact';
import { levels } from '../../../assurance/levels.ts';
import {
  Actions,
  Button,
  Card,
  Checkbox,
  Checkboxes,
  CodeBlock,
  Details,
  ErrorSummary,
  Field,
  Layout,
  Select,
  TextArea,
  TextLink,
} from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { faults } from '../faults.ts';
import type { PlaygroundMessages } from '../i18n/messages.ts';
import { optionalScopes, prompts, responseModes, type Wish, type WrongField } from '../request.ts';

export interface BuilderView {
  readonly wish: Wish;
  readonly wrong: readonly WrongField[];
  readonly csrf: string;
  /** The pages for developers at Bayern-ID. */
  readonly developers: string;
}

const example = JSON.stringify(
  {
    userinfo: {
      verified_claims: {
        verification: { trust_framework: { value: 'eidas' }, assurance_level: null, time: null },
        claims: { given_name: null, family_name: null, birthdate: null },
      },
    },
  },
  null,
  2,
);

/** Everything that a request may say, and the faults to switch on. */
export const builderPage = (view: BuilderView, page: PageContext, t: PlaygroundMessages): VNode => {
  const words = t.builder;
  const { wish, wrong } = view;
  const none = { value: '', label: words.none };
  const plain = (values: readonly string[]) => [none, ...values.map((value) => ({ value, label: value }))];
  const error = (field: WrongField) => (wrong.includes(field) ? { error: words.errors[field] } : {});
  const summary = (
    <ErrorSummary
      title={page.common.errorSummary}
      errors={wrong.map((field) => ({ message: words.errors[field], field }))}
    />
  );
  return (
    <Layout page={page} title={words.title} error={wrong.length > 0} summary={wrong.length > 0 ? summary : undefined}>
      <p class="bid-lead">{words.lead}</p>
      <form method="post" action="/anfrage" class="bid-form">
        <input type="hidden" name="csrf" value={view.csrf} />
        <Card id="anfrage" heading={words.request}>
          <Checkboxes
            legend={words.scopes}
            options={optionalScopes.map((scope) => ({
              name: `scope_${scope}`,
              label: scope,
              checked: wish.scopes.includes(scope),
            }))}
          />
          <Select
            name="level"
            label={words.level}
            hint={words.levelHint}
            value={wish.level}
            options={[none, ...levels.map((level) => ({ value: level, label: page.common.level.name[level] }))]}
          />
          <Select name="prompt" label={words.prompt} value={wish.prompt} options={plain(prompts)} />
          <Field
            page={page}
            name="max_age"
            label={words.maxAge}
            hint={words.maxAgeHint}
            value={wish.maxAge}
            inputmode="numeric"
            optional
            {...error('max_age')}
          />
          <Select
            name="response_mode"
            label={words.responseMode}
            value={wish.responseMode}
            options={plain(responseModes)}
          />
          <TextArea
            name="claims"
            label={words.claims}
            hint={words.claimsHint}
            value={wish.claims}
            rows={6}
            {...error('claims')}
          />
          <Details summary={words.example}>
            <CodeBlock label={words.exampleLabel} text={example} />
          </Details>
          <Checkbox name="par" label={words.par} checked={wish.par} />
        </Card>
        <Card id="fehlerwahl" heading={words.faultTitle}>
          <Select
            name="fault"
            label={words.fault}
            hint={words.faultHint}
            value={wish.fault}
            options={[none, ...faults.map((fault) => ({ value: fault, label: t.fault[fault] }))]}
          />
        </Card>
        <Actions>
          <Button>{words.send}</Button>
        </Actions>
      </form>
      <p class="kern-body">
        <TextLink href={view.developers}>{words.back}</TextLink>
      </p>
    </Layout>
  );
};
