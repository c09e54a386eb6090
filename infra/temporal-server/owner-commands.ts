// The commands that use the owner of a home: each is connected as long as it does, so the system itself says when one has ended.
import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type OwnerRequest, type OwnerState, readLines } from './owner-place.ts';

export interface Commands {
  readonly state: OwnerState;
  /** Changes the state, and tells all commands. */
  update(change: Partial<OwnerState>): void;
  /** Whether none needs the owner, or one has told it to end. */
  areDone(): boolean;
  /** Resolves at the next change of what they need. */
  changed(): Promise<unknown>;
  /** Takes no more: those that come now are another's. Those that are there wait for the end of this process. */
  shut(): void;
}

const firstWithinMs = 30_000; // whoever started it may have died

/** Listens on a socket. Until a first command came, or should have come, the owner is not done. */
export async function openCommands(socket: string): Promise<Commands> {
  const events = new EventEmitter();
  const needs = new Map<Socket, 'server' | 'workers'>();
  let [isTold, hadAny] = [false, false];
  let state: OwnerState = { starts: 0, workers: 'off', stays: false, users: 0 };
  const areDone = () => isTold || (hadAny && needs.size === 0 && !state.stays);
  const update = (change: Partial<OwnerState> = {}) => {
    const users = [...needs.values()].filter(need => need === 'workers').length;
    state = { ...state, ...change, users };
    for (const one of needs.keys()) one.write(`${JSON.stringify(state)}\n`);
  };
  const onRequest = (command: Socket, request: OwnerRequest) => {
    if (!server.listening) return command.end();
    hadAny = true;
    if ('needs' in request) needs.set(command, request.needs);
    else if ('end' in request) isTold = true;
    update('stay' in request ? { stays: true } : {});
    events.emit('change');
  };
  setTimeout(() => {
    hadAny = true;
    events.emit('change');
  }, firstWithinMs);
  const onEnd = (command: Socket) => {
    needs.delete(command);
    if (!areDone()) command.end();
    update();
    events.emit('change');
  };
  const server = createServer({ allowHalfOpen: true }, command => {
    readLines<OwnerRequest>(command, request => onRequest(command, request));
    command.on('error', () => {}).on('end', () => onEnd(command));
    command.on('close', () => needs.has(command) && onEnd(command));
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    get state() {
      return state;
    },
    update,
    areDone,
    changed: () => once(events, 'change'),
    shut: () => server.close(),
  };
}
