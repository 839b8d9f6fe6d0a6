import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  ConfirmForm,
  DataList,
  FileField,
  refusal,
  Select,
} from '../../../web/components/index.ts';
import { documentPurposes, type Document, type DocumentPurpose } from '../application/content.ts';
import type { FileProblem } from '../application/document-file.ts';
import { heldPaths, removePath, stepPath } from '../citizen/paths.ts';
import { Csrf, StepLayout, type Frame } from './frame.tsx';

export interface DocumentsView {
  readonly needed: readonly DocumentPurpose[];
  readonly documents: readonly Document[];
  /** Bytes of one file. */
  readonly largest: number;
  readonly most: number;
  /** Sent before a stronger login was asked for, and no part of the application yet. */
  readonly held?: { readonly purpose: DocumentPurpose; readonly name: string };
  readonly problem?: FileProblem | 'none' | 'purpose';
}

export const documentsPage = (view: DocumentsView, frame: Frame): VNode => {
  const { page, t } = frame;
  const words = t.documents;
  const { needed, documents, problem, held } = view;
  const message = problem === undefined ? undefined : words.problems[problem];
  const missing = needed.find((purpose) => !documents.some((one) => one.purpose === purpose));
  return (
    <StepLayout
      frame={frame}
      title={words.title}
      {...refusal(page, message, problem === 'purpose' ? 'zweck' : 'datei')}
    >
      {held === undefined ? null : (
        <Alert tone="info" title={words.held.title} announce={problem === undefined}>
          <p class="kern-body">{words.held.text}</p>
          <DataList items={[{ label: words.purposes[held.purpose], value: held.name }]} />
          <Actions>
            <ConfirmForm action={heldPaths.add} csrf={frame.csrf} label={words.held.add} />
            <ConfirmForm action={heldPaths.drop} csrf={frame.csrf} label={words.held.drop} weight="secondary" />
          </Actions>
        </Alert>
      )}
      {needed.length === 0 ? (
        <p class="kern-body bid-lead">{words.none}</p>
      ) : (
        <Card id="gebraucht" heading={words.needed}>
          <DataList
            items={needed.map((purpose) => ({
              label: words.purposes[purpose],
              value: documents.some((one) => one.purpose === purpose) ? words.there : words.missing,
            }))}
          />
        </Card>
      )}
      {documents.length === 0 ? null : (
        <Card id="hochgeladen" heading={words.heading}>
          {documents.map(({ id, name, purpose }) => (
            <div key={id}>
              <DataList items={[{ label: words.purposes[purpose], value: name }]} />
              <ConfirmForm
                action={removePath(id)}
                csrf={frame.csrf}
                label={words.remove({ name })}
                weight="secondary"
              />
            </div>
          ))}
        </Card>
      )}
      {needed.length === 0 ? null : (
        <form class="bid-form" method="post" action={stepPath('nachweise')} enctype="multipart/form-data">
          <Csrf frame={frame} />
          <Card id="hochladen" heading={words.upload}>
            <Select
              name="zweck"
              label={words.purpose}
              value={missing ?? needed[0] ?? 'demand'}
              options={documentPurposes
                .filter((value) => needed.includes(value))
                .map((value) => ({ value, label: words.purposes[value] }))}
              {...(problem === 'purpose' && message !== undefined ? { error: message } : {})}
            />
            <FileField
              page={page}
              name="datei"
              label={words.file}
              hint={words.fileHint({ megabytes: Math.floor(view.largest / 1_000_000), most: view.most })}
              accept=".pdf,.jpg,.jpeg,.png"
              error={problem === 'purpose' ? undefined : message}
            />
            <Actions>
              <Button weight={missing === undefined || held !== undefined ? 'secondary' : 'primary'}>
                {words.send}
              </Button>
            </Actions>
          </Card>
        </form>
      )}
      {missing === undefined ? (
        <Actions>
          <ButtonLink href={stepPath('pruefen')}>{words.goOn}</ButtonLink>
        </Actions>
      ) : null}
    </StepLayout>
  );
};
