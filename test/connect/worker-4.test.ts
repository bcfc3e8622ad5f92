import { workerSuites } from './suites/index.ts';

workerSuites(4);
