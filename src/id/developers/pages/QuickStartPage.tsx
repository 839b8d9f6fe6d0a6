import type { VNode } from 'preact';
import { Card, CodeBlock, Layout, TextLink } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { QuickStart } from '../quick-starts.ts';
import type { DeveloperMessages } from '../texts/index.ts';

export interface QuickStartView {
  readonly start: QuickStart;
  readonly others: readonly QuickStart[];
  readonly issuer: string;
}

/** What starts a program against this issuer, from the project's folder; what the program assumes anyway is left out. */
export const commandOf = (start: QuickStart, issuer: string): string => {
  const at = issuer === 'http://localhost:3000' ? '' : `ISSUER=${issuer} `;
  return `${at}CLIENT_SECRET=$(cat data/secrets/mein-dienst.secret) ${start.command} ${start.file}`;
};

/** One whole program, as it is on disk and as the tests run it. */
export const QuickStartPage = (props: { view: QuickStartView; page: PageContext; t: DeveloperMessages }): VNode => {
  const { view, page, t } = props;
  const { start, others, issuer } = view;
  const words = t.program;
  return (
    <Layout page={page} title={words.title({ name: start.name })} wide>
      <p class="bid-lead">{words.lead}</p>
      <Card id="programm" heading={words.file}>
        <p class="kern-body">
          <code class="bid-code">{start.file}</code>
        </p>
        <p class="kern-body">{words.tested}</p>
        <CodeBlock label={words.fileLabel({ file: start.file })} text={start.program} />
      </Card>
      <Card id="starten" heading={words.run}>
        <CodeBlock label={words.commandLabel} text={commandOf(start, issuer)} wrap />
      </Card>
      <Card id="andere" heading={words.others}>
        <ul class="bid-links">
          {others.map((other) => (
            <li key={other.language}>
              <TextLink href={`/entwickler/schnellstart/${other.language}`}>
                {words.title({ name: other.name })}
              </TextLink>
            </li>
          ))}
          <li>
            <TextLink href="/entwickler">{t.toOverview}</TextLink>
          </li>
        </ul>
      </Card>
    </Layout>
  );
};
