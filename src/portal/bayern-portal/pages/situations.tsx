import { listPath } from '../paths.ts';
import { situations } from '../services/service-file.ts';
import type { Frame } from './frame.ts';

/** The ways in for who does not know what it is called. */
export const Situations = ({ frame, place }: { frame: Frame; place?: string }) => (
  <ul class="bid-situations">
    {situations.map((situation) => (
      <li key={situation}>
        <a class="bid-situation" href={listPath({ situation, ...(place === undefined ? {} : { place }) })}>
          <strong>{frame.t.situations.names[situation]}</strong>
          <span>{frame.t.situations.about[situation]}</span>
        </a>
      </li>
    ))}
  </ul>
);
