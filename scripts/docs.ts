// Writes the pages that are made from code. A test compares them.
import { writeFileSync } from 'node:fs';
import { openApiText } from './openapi-page.ts';
import { errorsPage } from './errors-page.ts';

writeFileSync('docs/errors.md', errorsPage());
writeFileSync('docs/openapi.json', await openApiText());
