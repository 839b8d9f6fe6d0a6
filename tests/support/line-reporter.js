import { relative } from 'node:path';

/** One line for each test, as it ends: what held, and what did not with its reason. */
export default class LineReporter {
  onTestCaseResult(test, { status, title, ancestorTitles, duration, failureMessages }) {
    if (status === 'pending') return;
    const word = status === 'passed' ? 'held  ' : 'BROKEN';
    const seconds = ((duration ?? 0) / 1000).toFixed(1).padStart(6);
    console.log(`${word} ${seconds} s  ${[...ancestorTitles, title].join(': ')}`);
    if (status !== 'passed') console.log(`       ${relative(process.cwd(), test.path)}\n${failureMessages.join('\n')}`);
  }

  onTestFileResult(test, { testExecError }) {
    if (testExecError) console.log(`BROKEN           ${relative(process.cwd(), test.path)}: ${testExecError.message}`);
  }
}
