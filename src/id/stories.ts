import type { Stories } from '../web/pages/stories.tsx';
import { loginDataStories } from './account/login-data-stories.tsx';
import { accountStories } from './account/pages/stories.ts';
import { developerStories } from './developers/stories.ts';
import { meansFlowStories } from './interaction/pages/means-stories.tsx';
import { flowStories } from './interaction/pages/stories.tsx';
import { registrationStories } from './interaction/registration/stories.tsx';
import { recoveryStories } from './recovery/stories.tsx';

/** Every state of every page of Bayern-ID, for `/entwickler/bausteine`. */
export const idStories: Stories = {
  ...flowStories,
  ...meansFlowStories,
  ...registrationStories,
  ...recoveryStories,
  ...accountStories,
  ...loginDataStories,
  ...developerStories,
};
