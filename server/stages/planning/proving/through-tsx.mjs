// A thread does not inherit tsx on Node 20 ("Unknown file extension .ts"), so during development it starts here.
import { register } from 'tsx/esm/api';

register();
await import('./proving-thread.ts');
