import { Actions, ButtonLink, Card, DataList } from '../../../web/components/index.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

export const exportFiles = { pdf: 'bayern-id.pdf', json: 'bayern-id.json' } as const;

export const ExportPage = ({ t, page }: KontoFrame) => {
  const words = t.export;
  return (
    <KontoLayout page={page} at="export" title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      <Card id="inhalt-der-datei" heading={words.contentTitle}>
        <ul class="bid-list">
          {words.content.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p class="kern-body">{words.formats}</p>
        <p class="kern-body">{words.fresh}</p>
        <Actions>
          <ButtonLink href={`${paths.export}/${exportFiles.pdf}`} icon="download">
            {words.pdf}
          </ButtonLink>
          <ButtonLink href={`${paths.export}/${exportFiles.json}`} icon="download" weight="secondary">
            {words.json}
          </ButtonLink>
        </Actions>
      </Card>
      <Card id="auskunft" heading={words.informationTitle}>
        <DataList items={Object.values(words.information)} />
      </Card>
    </KontoLayout>
  );
};
