/** Entry of a fake role; see fake-role.ts. */
import { playRole } from './fake-role.ts';

playRole('tells');
