// The metadata server of a page, in a process of its own: a page holds up the process that plays it. Its address is its one line.
import { TokenServer } from '../kafka/token-server.ts';

const server = await TokenServer.start();
console.log(server.url);
