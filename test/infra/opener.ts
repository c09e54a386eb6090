// A command that uses the embedded server until it is killed: for temporal-server.test.ts.
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';

const { address } = await openTemporal();
console.log(address);
setInterval(() => {}, 1_000);
