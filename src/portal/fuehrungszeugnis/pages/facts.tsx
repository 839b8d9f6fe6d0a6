import { Fragment } from 'preact';
import { DataList } from '../../../web/components/index.ts';
import type { Fact } from '../application/summary.ts';

export const Lines = ({ lines }: { lines: readonly string[] }) => (
  <>
    {lines.map((line, index) => (
      <Fragment key={line}>
        {index === 0 ? null : <br />}
        {line}
      </Fragment>
    ))}
  </>
);

export const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <DataList items={facts.map(({ label, lines }) => ({ label, value: <Lines lines={lines} /> }))} />
);
