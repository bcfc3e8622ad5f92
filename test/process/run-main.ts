// `secretreg` from its source, for tests that also have to hold where a fault is planted in it.
import { main } from '../../src/cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
