import type { Stories } from '../../../web/pages/stories.tsx';
import { kontoStories } from './konto-stories.tsx';
import { cardStories } from './card-stories.tsx';
import { joiningStories } from './joining/stories.ts';
import { meansStories } from './means/stories.ts';

/** Every page of Mein Konto in every state that it can have, for the page gate. */
export const accountStories: Stories = { ...kontoStories, ...cardStories, ...meansStories, ...joiningStories };
