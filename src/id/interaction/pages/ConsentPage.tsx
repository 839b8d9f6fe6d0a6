import {
  Actions,
  Alert,
  Button,
  Card,
  ConsentList,
  DataList,
  Layout,
  TextLink,
} from '../../../web/components/index.ts';
import { formatPartialDate } from '../../../web/i18n/format.ts';
import type { ConsentDatum, ConsentView } from '../views.ts';
import { Service, type Frame } from './frame.tsx';

type Props = ConsentView & Frame;

const nameOf = (t: Frame['t'], claim: string): string => {
  const names: Readonly<Record<string, string>> = t.consent.claims;
  // A verified claim has the name of the plain one; that it is verified says the badge.
  const bare = claim.replace(/^verified:/, '');
  return (Object.hasOwn(names, bare) ? names[bare] : undefined) ?? bare;
};

/** Who receives the data: the host cannot be forged, everything else is the service's own word. */
const Recipient = (props: Props) => {
  const { t } = props;
  const optional = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }]);
  return (
    <Card id="empfaenger" heading={t.consent.aboutTitle}>
      <DataList
        items={[
          { label: t.consent.host, value: `${props.service.name} (${props.service.host})` },
          ...optional(t.consent.purpose, props.purpose),
          ...optional(t.consent.legalBasis, props.legalBasis),
          { label: t.consent.account, value: props.account },
        ]}
      />
      {props.privacyPolicy === undefined ? null : (
        <TextLink href={props.privacyPolicy} icon="open-in-new">
          {t.consent.privacyPolicy}
        </TextLink>
      )}
    </Card>
  );
};

export const ConsentPage = (props: Props) => {
  const { t, page } = props;
  const words = t.consent;
  const entry = (datum: ConsentDatum) => ({
    name: datum.claim,
    label: nameOf(t, datum.claim),
    value: /(?:birthdate|date_of_expiry)$/.test(datum.claim)
      ? formatPartialDate(page.locale, datum.value)
      : datum.value,
    source: datum.source,
    sensitive: datum.sensitive,
  });
  const required = props.data.filter((datum) => datum.required).map(entry);
  const optional = props.data.filter((datum) => !datum.required).map(entry);
  return (
    <Layout page={page} title={words.title} service={<Service {...props} />}>
      <p class="bid-lead">{words.lead({ service: props.service.name })}</p>
      <Recipient {...props} />
      <form class="bid-form" method="post" action={`${props.base}/freigabe`}>
        <input type="hidden" name="csrf" value={props.csrf} />
        {required.length === 0 ? null : (
          <Card id="noetig" heading={words.requiredTitle}>
            <ConsentList page={page} reveal={words.reveal} items={required} />
          </Card>
        )}
        {optional.length === 0 ? null : (
          <Card id="freiwillig" heading={words.optionalTitle}>
            <p class="kern-body">{words.optionalHint}</p>
            <ConsentList page={page} reveal={words.reveal} items={optional} choose="optional" />
          </Card>
        )}
        {props.missing.length === 0 ? null : (
          <Alert tone="info" title={words.missingTitle}>
            <p class="kern-body">{words.missing}</p>
            <ul class="bid-list">
              {props.missing.map((claim) => (
                <li key={claim}>{nameOf(t, claim)}</li>
              ))}
            </ul>
          </Alert>
        )}
        {props.withheld.length === 0 ? null : (
          <Alert tone="info" title={words.withheldTitle}>
            <p class="kern-body">{words.withheld({ level: page.common.level.name[props.withheldBelow] })}</p>
            <ul class="bid-list">
              {props.withheld.map((claim) => (
                <li key={claim}>{nameOf(t, claim)}</li>
              ))}
            </ul>
          </Alert>
        )}
        {props.access.length === 0 ? null : (
          <Card id="zugriff" heading={words.accessTitle}>
            <p class="kern-body">{words.access({ service: props.service.name })}</p>
            <ul class="bid-list">
              {props.access.map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          </Card>
        )}
        {props.lasting ? (
          <Alert tone="info" title={words.offlineTitle}>
            <p class="kern-body">{words.offline}</p>
          </Alert>
        ) : null}
        <p class="kern-body">{words.lasting}</p>
        <p class="kern-body">{words.refuseNote}</p>
        <Actions equal>
          <Button name="decision" value="release">
            {words.release}
          </Button>
          <Button name="decision" value="refuse" weight="secondary">
            {words.refuse}
          </Button>
        </Actions>
      </form>
    </Layout>
  );
};
