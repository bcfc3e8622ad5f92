// Every route of the server. One group is one file and one line here.
import type { Route } from '../route.ts';
import { accessRoutes } from './access.ts';
import { auditRoutes } from './audit.ts';
import { masterKeyRoutes } from './master-keys.ts';
import { metadataRoutes } from './metadata.ts';
import { registryRoutes } from './registry.ts';
import { secretRoutes } from './secrets.ts';
import { validateRoutes } from './validate.ts';
import { writeRoutes } from './writes.ts';

export const routes: readonly Route[] = [
  ...secretRoutes,
  ...writeRoutes,
  ...metadataRoutes,
  ...registryRoutes,
  ...masterKeyRoutes,
  ...auditRoutes,
  ...validateRoutes,
  ...accessRoutes,
];
