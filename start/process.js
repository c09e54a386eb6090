// What a process begins with that another of ours starts: the entry that its first argument names.
import { importEntry } from './code.js';

await importEntry(process.argv[2]);
