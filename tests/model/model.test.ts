import { describeModel } from './model.suite.ts';

describeModel(300, 120_000);
