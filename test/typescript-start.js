// What a process begins with that a test starts: it registers the loader of TypeScript, then imports the module.
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2]);
