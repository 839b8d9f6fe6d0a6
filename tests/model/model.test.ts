import { describeModel } from './model.suite.ts';

describeModel(Number(process.env["MODEL_RUNS"] ?? 300), 400_000);
