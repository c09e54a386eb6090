// What a child process begins with: Node 20 hands no loader on, so each registers it, then imports the module.
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2]);
