// Validates large texts in a process of its own, whose memory and time are bounded from outside. One line for each: how many
// milliseconds of the processor's time it took, and its name.
import { reports } from '../../../src/validator/reports/index.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import { validator } from '../../../src/validator/validate.ts';
import { cpuTime } from '../../cpu-time.ts';
import { largeTexts, manyOfAKind } from './large-texts.ts';

const [first = 0, step = 1] = process.argv.slice(2).map(Number);
const check = validator({ inlineIgnores: true });
// One after another: all of them together do not fit into the memory that one may take.
let at = 0;
for (const { name, text } of first === -1 ? manyOfAKind() : largeTexts()) {
  at += 1;
  if (first !== -1 && at % step !== first % step) continue;
  const begun = cpuTime();
  const report = await check({ file: 'x', text });
  reports.text({ files: [report], existenceChecked: false }, plainStyle);
  console.log(`${Math.round(cpuTime() - begun)} ${name}`);
}
