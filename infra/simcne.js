#!/usr/bin/env node
// The `simcne` command: registers the TypeScript loader, then hands over to the command line's main module.
import { register } from 'tsx/esm/api';

register();
await import('./cli/main.ts');
